//! Read marks and counts: exact, for every member, after anything.

use mesh_core::room::{PostMark, Requester, RoomCommand, RoomInput, RoomOutput, RoomState, Target};
use mesh_protocol::id::UserId;
use mesh_protocol::limit;
use mesh_protocol::room::{Access, Member, RoomKind, Unread};
use mesh_protocol::time::Seq;
use proptest::prelude::*;

use super::support::*;

fn read(bench: &mut Bench, user: UserId, seq: u64) -> Vec<RoomOutput> {
    bench.input(RoomInput::Read { actor: member(user), seq: Seq(seq) })
}

fn unread(bench: &mut Bench, user: UserId, seq: u64, window: Vec<PostMark>) -> Vec<RoomOutput> {
    bench.input(RoomInput::Unread { actor: member(user), seq: Seq(seq), window })
}

fn counts(user: UserId, messages: u32, mentions: u32) -> RoomOutput {
    RoomOutput::UnreadChanged { user, unread: Unread { messages, mentions } }
}

#[test]
fn the_own_post_is_read_and_that_of_others_is_not() {
    let mut bench = Bench::new(state(&[ANNA, BEN, CHLOE]));
    let outputs = bench.done(&member(ANNA), mention(&[BEN], false));
    assert_eq!(outputs[0], RoomOutput::ReadMark { user: ANNA, seq: Seq(1) });
    assert!(outputs.contains(&counts(BEN, 1, 1)) && outputs.contains(&counts(CHLOE, 1, 0)));
    assert_eq!(outputs.len(), 5, "read mark, event, answer and two counts: {outputs:?}");
    bench.done(&member(BEN), mention(&[], true));
    assert_eq!([bench.counts(ANNA), bench.counts(BEN), bench.counts(CHLOE)], [(1, 1), (0, 0), (2, 1)]);
}

#[test]
fn every_direct_message_counts_as_a_mention() {
    let mut bench = Bench::new(direct([ANNA, BEN]));
    bench.done(&member(ANNA), send("x"));
    assert_eq!(bench.counts(BEN), (1, 1));
}

#[test]
fn a_read_mark_moves_forward_only_and_is_saved_when_it_moves() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    (0..3).for_each(|_| drop(bench.done(&member(ANNA), send("x"))));
    let seq = Seq(2);
    assert_eq!(
        read(&mut bench, BEN, 2),
        [RoomOutput::ReadMark { user: BEN, seq }, RoomOutput::SaveRead { user: BEN, seq }, counts(BEN, 1, 0)]
    );
    assert_eq!(read(&mut bench, BEN, 2), []);
    assert_eq!(read(&mut bench, BEN, 1), []);
    read(&mut bench, BEN, 999);
    assert_eq!(
        bench.room.state().member(BEN).map(|member| member.read),
        Some(Seq(3)),
        "not beyond the last event"
    );
    assert_eq!(bench.counts(BEN), (0, 0));
    assert_eq!(read(&mut bench, EVE, 2), [], "strangers have no mark");
}

#[test]
fn a_read_mark_moves_back_on_purpose() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    (0..3).for_each(|_| drop(bench.done(&member(ANNA), mention(&[BEN], false))));
    read(&mut bench, BEN, 3);
    let mark =
        |seq| PostMark { seq: Seq(seq), by: ANNA, mentions: vec![BEN], everyone: false, deleted: false };
    assert_eq!(
        unread(&mut bench, BEN, 2, vec![mark(2), mark(3)]),
        [
            RoomOutput::SaveRead { user: BEN, seq: Seq(1) },
            RoomOutput::ReadMark { user: BEN, seq: Seq(1) },
            counts(BEN, 2, 2)
        ]
    );
    assert_eq!(unread(&mut bench, BEN, 2, vec![]), [], "no news");
    assert_eq!(unread(&mut bench, BEN, 3, vec![]), [], "not forward");
    assert_eq!(unread(&mut bench, EVE, 1, vec![]), []);
    unread(&mut bench, BEN, 0, vec![mark(1), mark(2), mark(3)]);
    assert_eq!(bench.counts(BEN), (3, 3));
}

#[test]
fn the_disk_is_read_only_for_a_mark_that_moves_back_beyond_what_is_held() {
    let mark = |seq| PostMark { seq: Seq(seq), by: ANNA, mentions: vec![], everyone: false, deleted: false };
    let mut room = RoomState { last_seq: Seq(9), ..state(&[ANNA, BEN]) };
    room.members.iter_mut().for_each(|member| member.read = Seq(5));
    let mut bench = Bench::open(room, (6..=9).map(mark).collect());
    assert!(bench.room.wants_window(BEN, Seq(5)));
    assert!(!bench.room.wants_window(BEN, Seq(6)), "not back");
    assert!(!bench.room.wants_window(EVE, Seq(1)), "not a member");
    unread(&mut bench, BEN, 3, (3..=9).map(mark).collect());
    assert_eq!(bench.counts(BEN), (7, 0));
    read(&mut bench, BEN, 9);
    assert!(!bench.room.wants_window(BEN, Seq(3)), "held already");
    unread(&mut bench, BEN, 4, vec![]);
    assert_eq!(bench.counts(BEN), (6, 0));
    assert!(bench.room.wants_window(BEN, Seq(2)) && bench.room.wants_window(BEN, Seq(0)));
}

#[test]
fn deleting_and_editing_change_the_counts_of_who_has_not_read() {
    let mut bench = Bench::new(state(&[ANNA, BEN, CHLOE]));
    bench.done(&member(ANNA), mention(&[BEN, CHLOE], false));
    bench.done(&member(ANNA), send("x"));
    read(&mut bench, CHLOE, 1);
    let outputs = bench.done(&member(ANNA), edit(target(1, ANNA)));
    assert!(outputs.contains(&counts(BEN, 2, 0)), "{outputs:?}");
    assert_eq!(bench.counts(CHLOE), (1, 0));
    bench.done(&member(ANNA), RoomCommand::Delete { target: target(1, ANNA) });
    assert_eq!([bench.counts(BEN), bench.counts(CHLOE)], [(1, 0), (1, 0)]);
}

#[test]
fn counts_stop_at_the_window() {
    let window = limit::UNREAD_WINDOW as u64;
    let mark = |seq| PostMark { seq: Seq(seq), by: ANNA, mentions: vec![], everyone: true, deleted: false };
    let room = RoomState { last_seq: Seq(window), ..state(&[ANNA, BEN]) };
    let mut bench = Bench::open(room, (1..=window).map(mark).collect());
    assert_eq!(bench.counts(BEN), (window as u32, window as u32));
    bench.done(&member(ANNA), mention(&[], true));
    assert_eq!(bench.counts(BEN), (window as u32, window as u32));
    read(&mut bench, BEN, window - 4);
    assert_eq!(bench.counts(BEN), (5, 5));
}

#[test]
fn a_room_opened_from_disk_counts_from_its_window() {
    let mark =
        |seq, by, deleted| PostMark { seq: Seq(seq), by, mentions: vec![BEN], everyone: false, deleted };
    let mut room = RoomState { last_seq: Seq(9), ..state(&[ANNA, BEN]) };
    room.members[1].read = Seq(2);
    let window = vec![mark(2, ANNA, false), mark(3, ANNA, false), mark(4, ANNA, true), mark(6, BEN, false)];
    let bench = Bench::open(room, window);
    assert_eq!(bench.counts(BEN), (1, 1));
    assert_eq!(bench.counts(ANNA), (1, 0));
}

/// Something that happens, of the kinds that change counts.
#[derive(Debug, Clone)]
enum Step {
    Post { by: u64, mentions: Vec<u64>, everyone: bool },
    Edit { pick: usize, mentions: Vec<u64> },
    Delete { pick: usize },
    Read { user: u64, seq: u64 },
    Unread { user: u64, seq: u64 },
    Leave { user: u64 },
    Join { user: u64 },
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let user = || 1..=4_u64;
    let users = || prop::collection::vec(1..=4_u64, 0..3);
    prop_oneof![
        6 => (user(), users(), any::<bool>()).prop_map(|(by, mentions, everyone)| Step::Post { by, mentions, everyone }),
        2 => (any::<usize>(), users()).prop_map(|(pick, mentions)| Step::Edit { pick, mentions }),
        2 => any::<usize>().prop_map(|pick| Step::Delete { pick }),
        3 => (user(), 0..40_u64).prop_map(|(user, seq)| Step::Read { user, seq }),
        2 => (user(), 0..40_u64).prop_map(|(user, seq)| Step::Unread { user, seq }),
        1 => user().prop_map(|user| Step::Leave { user }),
        1 => user().prop_map(|user| Step::Join { user }),
        1 => Just(Step::Reopen),
    ]
}

/// Every chat message ever, counted from the start each time.
#[derive(Default)]
struct Naive {
    posts: Vec<PostMark>,
}

impl Naive {
    fn after(&self, seq: Seq) -> Vec<PostMark> {
        self.posts.iter().filter(|post| post.seq > seq).cloned().collect()
    }

    fn count(&self, kind: RoomKind, member: &Member) -> (u32, u32) {
        let waiting = self
            .posts
            .iter()
            .filter(|post| post.seq > member.read && post.by != member.user && !post.deleted);
        let is_mention = |post: &&PostMark| {
            kind == RoomKind::Direct || post.everyone || post.mentions.contains(&member.user)
        };
        (waiting.clone().count() as u32, waiting.filter(is_mention).count() as u32)
    }

    fn pick(&self, pick: usize) -> Option<usize> {
        (!self.posts.is_empty()).then(|| pick % self.posts.len())
    }
}

/// What every user was last told.
fn listen(told: &mut [Unread; 5], outputs: &[RoomOutput]) {
    for output in outputs {
        if let RoomOutput::UnreadChanged { user, unread } = output {
            assert_ne!(told[user.0 as usize], *unread, "no news");
            told[user.0 as usize] = *unread;
        }
    }
}

fn users(ids: &[u64]) -> Vec<UserId> {
    ids.iter().map(|id| UserId(*id)).collect()
}

fn command(bench: &mut Bench, by: u64, command: RoomCommand) -> Option<Vec<RoomOutput>> {
    let requester = Requester(by);
    bench.input(RoomInput::Command { requester, actor: owner(UserId(by)), tag: None, known: None, command });
    (!bench.disk.is_empty()).then(|| bench.persist())
}

fn take(bench: &mut Bench, naive: &mut Naive, step: Step) -> Vec<RoomOutput> {
    match step {
        Step::Post { by, mentions, everyone } => {
            let mentions = users(&mentions);
            let done = command(bench, by, mention(&mentions, everyone));
            if done.is_some() {
                let seq = bench.room.state().last_seq;
                naive.posts.push(PostMark { seq, by: UserId(by), mentions, everyone, deleted: false });
            }
            done.unwrap_or_default()
        }
        Step::Edit { pick, mentions } => naive
            .pick(pick)
            .and_then(|index| {
                let post = &mut naive.posts[index];
                let target = Target { seq: post.seq, by: post.by, deleted: post.deleted };
                let mentions =
                    mesh_core::room::mention::Mentions { users: users(&mentions), everyone: false };
                let text = "new".to_owned();
                let done =
                    command(bench, post.by.0, RoomCommand::Edit { target, text, mentions: mentions.clone() });
                if done.is_some() {
                    (post.mentions, post.everyone) = (mentions.users, false);
                }
                done
            })
            .unwrap_or_default(),
        Step::Delete { pick } => naive
            .pick(pick)
            .and_then(|index| {
                let post = &mut naive.posts[index];
                let target = Target { seq: post.seq, by: post.by, deleted: post.deleted };
                let done = command(bench, post.by.0, RoomCommand::Delete { target });
                post.deleted |= done.is_some();
                done
            })
            .unwrap_or_default(),
        Step::Read { user, seq } => read(bench, UserId(user), seq),
        Step::Unread { user, seq } => {
            let wants = bench.room.wants_window(UserId(user), Seq(seq));
            let window = if wants { naive.after(Seq(seq.saturating_sub(1))) } else { vec![] };
            unread(bench, UserId(user), seq, window)
        }
        Step::Leave { user } => {
            command(bench, user, RoomCommand::Leave { user: UserId(user) }).unwrap_or_default()
        }
        Step::Join { user } => {
            let join = RoomCommand::Join { user: UserId(user), access: Access::Write };
            command(bench, user, join).unwrap_or_default()
        }
        Step::Reopen => {
            let state = bench.room.state().clone();
            let oldest = state.members.iter().map(|member| member.read).min().unwrap_or(state.last_seq);
            *bench = Bench::open(state, naive.after(oldest));
            vec![]
        }
    }
}

proptest! {
    #[test]
    fn counts_are_those_of_a_naive_recount(steps in prop::collection::vec(step(), 1..60), is_direct: bool) {
        let room = if is_direct { direct([ANNA, BEN]) } else { state(&[ANNA, BEN, CHLOE]) };
        let kind = room.kind;
        let mut bench = Bench::new(room);
        let mut naive = Naive::default();
        let mut told = [Unread::default(); 5];
        for step in steps {
            let before: Vec<UserId> = bench.room.state().members.iter().map(|member| member.user).collect();
            let outputs = take(&mut bench, &mut naive, step.clone());
            listen(&mut told, &outputs);
            let members = bench.room.state().members.clone();
            for user in before.iter().filter(|user| members.iter().all(|member| member.user != **user)) {
                told[user.0 as usize] = Unread::default();
            }
            for member in &members {
                prop_assert_eq!(bench.counts(member.user), naive.count(kind, member), "{:?} after {:?}", member.user, step);
                let now = bench.room.unread(member.user);
                prop_assert_eq!(told[member.user.0 as usize], now, "what {:?} was told", member.user);
            }
        }
    }
}
