//! A policy is read or refused, and an empty set of witnesses meets only a policy that asks for none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::policy::Policy;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(policy) = Policy::parse(bytes) {
        assert_eq!(policy.quorum_of(&[]), !policy.asks_for_witnesses());
        let all: Vec<&str> = policy.witnesses().iter().map(|witness| witness.name.as_str()).collect();
        assert!(policy.quorum_of(&all));
    }
});
