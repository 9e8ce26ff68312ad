include!(concat!(env!("OUT_DIR"), "/number.rs"));
