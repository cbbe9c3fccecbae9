//! Made aircraft and made sensors, with truth. Shared by the tests and the examples.

/// A deterministic source of numbers that behave like chance.
pub struct Chance(pub u64);

impl Chance {
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    pub fn normal(&mut self) -> f64 {
        let (u, v) = (self.uniform(), self.uniform());
        libm::sqrt(-2.0 * libm::log(u)) * libm::cos(core::f64::consts::TAU * v)
    }

    pub fn poisson(&mut self, mean: f64) -> usize {
        let (mut n, mut p, least) = (0, 1.0, libm::exp(-mean.min(500.0)));
        loop {
            p *= self.uniform();
            if p < least {
                return n;
            }
            n += 1;
        }
    }
}

/// One aircraft that alternates straight legs and turns, as in the bench.
#[derive(Clone, Debug)]
pub struct Aircraft {
    pub id: usize,
    pub x: [f64; 2],
    pub speed: f64,
    pub heading: f64,
    turn: f64,
    left: f64,
}

impl Aircraft {
    pub fn new(id: usize, x: [f64; 2], chance: &mut Chance) -> Self {
        Self {
            id,
            x,
            speed: chance.between(12.0, 55.0),
            heading: chance.between(0.0, core::f64::consts::TAU),
            turn: 0.0,
            left: chance.between(10.0, 40.0),
        }
    }

    pub fn velocity(&self) -> [f64; 2] {
        [self.speed * libm::cos(self.heading), self.speed * libm::sin(self.heading)]
    }

    /// Never turn.
    pub fn straight_on(mut self) -> Self {
        (self.turn, self.left) = (0.0, f64::INFINITY);
        self
    }

    /// Fly for a second.
    pub fn second(&mut self, chance: &mut Chance) {
        for _ in 0..10 {
            self.left -= 0.1;
            if self.left <= 0.0 {
                if self.turn == 0.0 {
                    let sign = if chance.uniform() < 0.5 { -1.0 } else { 1.0 };
                    self.turn = sign * chance.between(2.0, 12.0).to_radians();
                    self.left = chance.between(5.0, 20.0);
                } else {
                    self.turn = 0.0;
                    self.left = chance.between(10.0, 40.0);
                }
            }
            self.heading += self.turn * 0.1;
            let v = self.velocity();
            self.x = [self.x[0] + v[0] * 0.1, self.x[1] + v[1] * 0.1];
        }
    }
}
