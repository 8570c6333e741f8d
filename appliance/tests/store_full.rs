//! A real full disk: a small file system in memory. Needs to be root to mount it; says so when it can't.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use mesh_appliance::store::record::TeamRecord;
use mesh_appliance::store::{PeopleReads, Store, StoreError, StoreOptions, check};
use mesh_protocol::session::StorageState;

/// A tmpfs that is unmounted in the end.
struct Mount(tempfile::TempDir);

impl Mount {
    fn new(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "mesh-test"])
            .arg(folder.path())
            .output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).status();
    }
}

/// Fills the file system up to its last byte.
fn fill(path: &Path) {
    let mut size = 1 << 20;
    let mut content = Vec::new();
    while size >= 1 {
        let former = content.len();
        content.resize(former + size, 7);
        if fs::write(path, &content).is_err() {
            content.truncate(former);
            let _ = fs::write(path, &content);
            size /= 2;
        }
    }
}

fn team(name: &str) -> TeamRecord {
    TeamRecord { name: name.to_owned(), ..TeamRecord::default() }
}

#[tokio::test]
async fn a_full_file_system_stops_writes_not_reads_and_both_resume() {
    let Some(mount) = Mount::new("12m") else {
        println!("skipped: a tmpfs can't be mounted here (not root, or no permission to mount)");
        return;
    };
    let path = mount.path().join("mesh.redb");
    let store = Store::open(&path, StoreOptions::default()).unwrap();
    let mut state = store.storage();
    store.write(|change| change.put_team(&team("before"))).await.unwrap();
    for round in 0..3 {
        let ballast = mount.path().join("ballast");
        fill(&ballast);
        let refused = store.write(|change| change.put_team(&team("lost"))).await;
        assert_eq!(refused, Err(StoreError::Full), "round {round}");
        assert_eq!(*state.borrow_and_update(), StorageState::Full);
        assert_ne!(store.read(|view| view.team()).unwrap().unwrap().name, "lost");
        fs::remove_file(&ballast).unwrap();
        let freed = Instant::now();
        state.wait_for(|state| *state == StorageState::Ok).await.unwrap();
        assert!(freed.elapsed() < Duration::from_secs(5), "{:?}", freed.elapsed());
        let name = format!("round {round}");
        let own = name.clone();
        store.write(move |change| change.put_team(&team(&own))).await.unwrap();
        assert_eq!(store.read(|view| view.team()).unwrap().unwrap().name, name);
    }
    store.shutdown().await;
    check(&path).unwrap();
}
