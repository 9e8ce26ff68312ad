include!(concat!(env!("OUT_DIR"), "/schema.rs"));

pub const OUT_DIR: &str = env!("OUT_DIR");
pub const OUT_DIR_OF_THE_SCRIPT: &str = env!("SCHEMA_OUT");
