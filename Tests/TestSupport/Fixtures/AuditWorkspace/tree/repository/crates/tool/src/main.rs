use clap::Parser;

#[derive(Parser, macros::Named)]
struct Options {
    /// Panics in a generic function of another member.
    #[arg(long)]
    fail: bool,
}

/// Something of every dependency, so that all of them are linked.
async fn touch_everything() {
    env_logger::init();
    log::info!("{:?} {:?}", base::parse("{}"), url::Url::parse("http://localhost/"));
    let _ = (rand::random::<u8>(), rayon::current_num_threads(), openssl::version::version(), blake3::hash(b"x"));
    let _ = (either::Left::<u8, u8>(1), itertools::Itertools::sorted([2, 1].into_iter()));
    let _ = (crossbeam::channel::unbounded::<u8>(), mime_guess::from_ext("html"), hyper::Client::new());
    let _ = unsafe { (libc::getpid(), libsqlite3_sys::sqlite3_libversion_number(), libz_sys::zlibVersion()) };
    futures::future::ready(()).await;
}

#[tokio::main]
async fn main() {
    let options = Options::parse();
    print!("{}own directory: {}\nname: {}\n", tool::report(), env!("CARGO_MANIFEST_DIR"), Options::NAME);
    touch_everything_if(&options).await;
    if options.fail {
        base::third(&[1]);
    }
}

async fn touch_everything_if(options: &Options) {
    if options.fail {
        touch_everything().await;
    }
}
