# Writes the sample workspace of scripts/demo. Sourced after lib.sh.

# Real crates where Debian's packages can be had, which is where the seconds of a cold build come from.
sample_packages=(librust-serde-dev librust-serde-derive-dev librust-serde-json-dev librust-regex-dev librust-clap-dev
    librust-clap-derive-dev librust-libc-dev librust-proc-macro2-dev librust-quote-dev librust-syn-dev)

# make_sample DIRECTORY: a git repository in DIRECTORY/sample with one commit, and beside it the configuration that
# lets cargo find its dependencies without a network, from every worktree.
make_sample() {
    mkdir -p "$1/sample" "$1/.cargo"
    if try_packages "${sample_packages[@]}"; then
        sample_story="4 members (build script, proc-macro) on Debian's serde, regex, clap, syn, libc"
        sample_source "$1" /usr/share/cargo/registry
        write_members "$1/sample"
    else
        say "Debian's Rust crates cannot be installed here: taking small local crates instead"
        sample_story="9 members (build scripts, proc-macro, cdylib) on 8 small local crates"
        local fixtures=$root/Tests/TestSupport/Fixtures/SmallWorkspace
        cp -R "$fixtures/registry" "$1/registry"
        cp -R "$fixtures/repository/." "$1/sample"
        # A member that holds its own path, for the tests: it is meant to be compiled again in every worktree.
        rm -rf "$1/sample/crates/baked"
        sed -i /baked/d "$1/sample/crates/app/Cargo.toml" "$1/sample/crates/app/src/lib.rs"
        sample_source "$1" "$1/registry"
    fi
    (
        cd "$1/sample"
        cargo generate-lockfile --offline --quiet
        git init --quiet --initial-branch=main
        git add --all
        git -c user.name=demo -c user.email=demo@example.invalid commit --quiet --message "a sample workspace"
    )
}

sample_source() {
    cat >"$1/.cargo/config.toml" <<END
[source.crates-io]
replace-with = "local"
[source.local]
directory = "$2"
END
}

# write_member NAME: its manifest from standard input, after the package's table.
write_member() {
    mkdir -p "crates/$1/src"
    { printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2021"\n\n' "$1" && cat; } >"crates/$1/Cargo.toml"
}

write_members() (
    cd "$1"
    echo /target >.gitignore
    printf '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n' >Cargo.toml

    write_member names <<'END'
[lib]
proc-macro = true
[dependencies]
syn = { version = "1", features = ["full"] }
quote = "1"
proc-macro2 = "1"
END
    cat >crates/names/src/lib.rs <<'END'
use quote::quote;

#[proc_macro_derive(Named)]
pub fn named(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let name = syn::parse_macro_input!(input as syn::DeriveInput).ident;
    quote! { impl #name { pub const NAME: &'static str = stringify!(#name); } }.into()
}
END

    write_member planets </dev/null
    printf 'Mercury\nVenus\nEarth\nMars\n' >crates/planets/planets.txt
    cat >crates/planets/build.rs <<'END'
fn main() {
    println!("cargo:rerun-if-changed=planets.txt");
    let text = std::fs::read_to_string("planets.txt").unwrap();
    let names: Vec<_> = text.lines().collect();
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    std::fs::write(out.join("planets.rs"), format!("pub const PLANETS: &[&str] = &{names:?};\n")).unwrap();
}
END
    echo 'include!(concat!(env!("OUT_DIR"), "/planets.rs"));' >crates/planets/src/lib.rs

    write_member orbits <<'END'
[dependencies]
names = { path = "../names" }
planets = { path = "../planets" }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
regex = "1"
END
    cat >crates/orbits/src/lib.rs <<'END'
#[derive(serde::Serialize, names::Named)]
pub struct Orbit {
    pub planet: String,
    pub number: usize,
}

pub fn matching(pattern: &str) -> Result<String, regex::Error> {
    let pattern = regex::Regex::new(pattern)?;
    let found = planets::PLANETS.iter().enumerate().filter(|(_, name)| pattern.is_match(name));
    let orbits: Vec<_> = found.map(|(index, name)| Orbit { planet: name.to_string(), number: index + 1 }).collect();
    Ok(format!("{}s: {}", Orbit::NAME, serde_json::to_string(&orbits).unwrap()))
}
END

    write_member app <<'END'
[dependencies]
orbits = { path = "../orbits" }
clap = { version = "4", features = ["derive"] }
libc = "0.2"
END
    cat >crates/app/src/main.rs <<'END'
use clap::Parser;

#[derive(Parser)]
struct Options {
    #[arg(default_value = "^[EM]")]
    pattern: String,
}

fn main() {
    println!("{:?}", orbits::matching(&Options::parse().pattern));
    assert!(unsafe { libc::getpid() } > 0);
}
END
)
