//! A counting allocator.
//!
//! Calls are counted for each role, so that what a server's thread asks for is not charged to the client under
//! measure, and only while somebody counts: otherwise an allocation pays one relaxed load more.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed},
};

/// The allocator.
pub struct Counting;

/// Whose allocations: a thread has one role, [`Role::Client`] unless it says otherwise.
#[derive(Debug, Clone, Copy)]
pub enum Role {
    Client,
    Application,
    Server,
}

const ROLES: usize = 3;
static COUNTING: AtomicBool = AtomicBool::new(false);
static CALLS: [AtomicU64; ROLES] = [const { AtomicU64::new(0) }; ROLES];
static WEIGHING: AtomicBool = AtomicBool::new(false);
static HELD: AtomicI64 = AtomicI64::new(0);

thread_local! {
    static ROLE: Cell<Role> = const { Cell::new(Role::Client) };
}

/// Gives this thread its role.
pub fn act_as(role: Role) {
    ROLE.set(role);
}

/// How often `role` called `alloc`, `alloc_zeroed` or `realloc` while `work` ran.
pub fn calls(role: Role, work: impl FnOnce()) -> u64 {
    let calls = || CALLS[role as usize].load(Relaxed);
    let before = calls();
    COUNTING.store(true, Relaxed);
    work();
    COUNTING.store(false, Relaxed);
    calls() - before
}

/// How many bytes more are held when `work` is done than were before: as they were asked for, without the allocator's own.
pub fn held<T>(work: impl FnOnce() -> T) -> (T, i64) {
    let before = HELD.load(Relaxed);
    WEIGHING.store(true, Relaxed);
    let made = work();
    WEIGHING.store(false, Relaxed);
    (made, HELD.load(Relaxed) - before)
}

fn note(came: usize, went: usize) {
    if COUNTING.load(Relaxed) && came > 0 {
        CALLS[ROLE.get() as usize].fetch_add(1, Relaxed);
    }
    if WEIGHING.load(Relaxed) {
        HELD.fetch_add(came as i64 - went as i64, Relaxed);
    }
}

// Safety: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size(), 0);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size(), 0);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // A growing buffer asks the allocator again: that is a call too.
        note(size, layout.size());
        unsafe { System.realloc(place, layout, size) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        note(0, layout.size());
        unsafe { System.dealloc(place, layout) }
    }
}
