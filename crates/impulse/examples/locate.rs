//! Reads stations.csv and picks.csv of the bench, writes events.csv.
use impulse::{Alone, Audience, Detection, Ears, Node, Setting};
use std::fmt::Write as _;

fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse::<f64>().unwrap() * 1e-9
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let dir = &args[1];
    let out = &args[2];
    let rows = |name: &str| -> Vec<Vec<f64>> {
        std::fs::read_to_string(format!("{dir}/{name}")).unwrap().lines().skip(1)
            .map(|l| l.split(',').map(|v| v.parse().unwrap()).collect()).collect()
    };
    let nodes: Vec<Node> = rows("stations.csv").iter()
        .map(|r| Node { name: r[0] as u32, x_mm: (r[1] * 1e6).round() as i64, y_mm: (r[2] * 1e6).round() as i64 }).collect();
    let picks = rows("picks.csv");
    let mut ears = Ears::new(Setting::default(), &nodes).unwrap();
    let start = cpu();
    for (i, r) in picks.iter().enumerate() {
        ears.hear(Detection::plain(i as u64, r[1] as u32, (r[0] * 1e6).round() as i64));
    }
    let heard = ears.finish(&Alone);
    let used = cpu() - start;
    let members: u32 = heard.events.iter().map(|e| e.heard).sum();
    assert_eq!(members as usize + heard.unassociated.len(), picks.len());
    eprintln!("{} picks, {} events, {:.4} CPU s, {:.0} picks/s Debug {:?} {:?}", picks.len(), heard.events.len(), used, picks.len() as f64 / used, ears.effort(), ears.medium_ppm());
    let mut text = String::from("event_id,time_s,x_km,y_km,cov_xx,cov_xy,cov_yy,evidence,members\n");
    let mut given = String::from("event_id,pick_index\n");
    for e in &heard.events {
        let f = e.fine.open(Audience::Record).unwrap();
        let c = |i: usize, k: usize| f.covariance[i][k] as f64 * 1e-6;
        writeln!(text, "{},{:.6},{:.6},{:.6},{:.3},{:.3},{:.3},{},{}", e.id, f.time_us as f64 * 1e-6, f.x_mm as f64 * 1e-6, f.y_mm as f64 * 1e-6, c(1, 1), c(1, 2), c(2, 2), e.evidence, e.heard).unwrap();
        for m in &f.members { writeln!(given, "{},{}", e.id, m.number).unwrap(); }
    }
    std::fs::create_dir_all(out).unwrap();
    std::fs::write(format!("{out}/events.csv"), text).unwrap();
    std::fs::write(format!("{out}/assignments.csv"), given).unwrap();
}
