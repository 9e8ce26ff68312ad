pub const PLACE: &str = concat!(file!(), " in ", env!("CARGO_MANIFEST_DIR"));
