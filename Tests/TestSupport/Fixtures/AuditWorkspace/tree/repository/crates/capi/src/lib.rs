#[no_mangle]
pub extern "C" fn capi_answer() -> i32 {
    42
}
