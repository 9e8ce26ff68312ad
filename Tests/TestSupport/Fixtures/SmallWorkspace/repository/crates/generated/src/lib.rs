include!(concat!(env!("OUT_DIR"), "/schema.rs"));
