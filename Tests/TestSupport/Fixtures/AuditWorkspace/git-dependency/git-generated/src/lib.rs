include!(concat!(env!("OUT_DIR"), "/value.rs"));
