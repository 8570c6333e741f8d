//! What the store says of chat: pages, former texts, pins, tags, read marks, search.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test")]

#[path = "store_support/disk.rs"]
mod disk;
#[path = "store_support/story.rs"]
mod story;

use mesh_appliance::store::{
    Change, REVISIONS_KEPT, RoomReads, SEARCH_BUDGET, SearchReads, Store, StoreError, StoreOptions,
};
use mesh_core::room::RoomState;
use mesh_protocol::chat::{ClientTag, HistoryItem, PageFrom, RoomEvent, RoomEventKind, SearchRequest};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::time::{Seq, UnixMillis};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use disk::Disk;
use story::Story;

const ROOM: RoomId = RoomId(1);
const OTHER: RoomId = RoomId(2);

/// A store in memory and the events that went into it, numbered as the hub does.
struct Talk {
    store: Store,
    disk: Disk,
    now: u64,
}

impl Talk {
    async fn new() -> Self {
        let disk = Disk::default();
        let store = Store::with_backend(disk.factory(), StoreOptions::default()).unwrap();
        let mut talk = Self { store, disk, now: 1_700_000_000_000 };
        for room in [ROOM, OTHER] {
            let state = RoomState {
                id: room,
                kind: RoomKind::Room,
                visibility: Visibility::Open,
                name: format!("room {room}"),
                topic: String::new(),
                archived: false,
                members: vec![],
                readers_gone: Vec::new(),
                epoch: Seq::ZERO,
                last_seq: Seq::ZERO,
                last_at: UnixMillis(0),
            };
            talk.store.write(move |change| change.create_room(&state)).await.unwrap();
            for user in 1..=3 {
                talk.say(room, user, joined(user)).await;
            }
        }
        talk
    }

    async fn try_say(&mut self, room: RoomId, by: u64, change: RoomEventKind) -> Result<Seq, StoreError> {
        let seq = self.store.read(|view| view.last_event(room)).unwrap().0.next();
        self.now += 1;
        let tag = Some(ClientTag(format!("{room}-{}", seq.0)));
        let event = RoomEvent { room, seq, at: UnixMillis(self.now), by: UserId(by), tag, change };
        self.store.write(move |change| change.append_event(&event)).await.map(|()| seq)
    }

    async fn say(&mut self, room: RoomId, by: u64, change: RoomEventKind) -> Seq {
        self.try_say(room, by, change).await.unwrap()
    }

    async fn post(&mut self, room: RoomId, by: u64, text: &str) -> Seq {
        self.say(room, by, posted(text)).await
    }

    async fn reopen(self) -> Self {
        self.store.shutdown().await;
        let store = Store::with_backend(self.disk.factory(), StoreOptions::default()).unwrap();
        Self { store, ..self }
    }

    fn search(&self, rooms: &[RoomId], query: &str, by: Option<u64>, limit: u32) -> Vec<String> {
        let mut request = SearchRequest {
            request: 1,
            query: query.to_owned(),
            room: None,
            by: by.map(UserId),
            cursor: None,
            limit,
        };
        let mut texts = Vec::new();
        loop {
            let page = self.store.read(|view| view.search(rooms, &request)).unwrap();
            assert!(page.hits.len() <= limit as usize);
            texts.extend(page.hits.into_iter().map(|hit| hit.message.text));
            match page.next {
                Some(next) => {
                    assert!(next.len() <= 64, "{next}");
                    request.cursor = Some(next);
                }
                None => return texts,
            }
        }
    }
}

fn joined(user: u64) -> RoomEventKind {
    RoomEventKind::Joined { user: UserId(user), access: Access::Write }
}

fn posted(text: &str) -> RoomEventKind {
    RoomEventKind::Posted { text: text.to_owned(), reply_to: None, mentions: vec![], everyone: false }
}

fn edited(target: Seq, text: &str) -> RoomEventKind {
    RoomEventKind::Edited { target, text: text.to_owned(), mentions: vec![UserId(2)], everyone: true }
}

fn seqs(items: &[HistoryItem]) -> Vec<u64> {
    let seq = |item: &HistoryItem| match item {
        HistoryItem::Message(message) => message.seq.0,
        HistoryItem::Notice(notice) => notice.seq.0,
    };
    items.iter().map(seq).collect()
}

#[tokio::test]
async fn pages_fit_together_in_both_directions_whatever_their_size() {
    let disk = Disk::default();
    let store = Store::with_backend(disk.factory(), StoreOptions::default()).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut story = store
        .write(|change| {
            let mut story = Story::default();
            story.begin(change).map(|()| story)
        })
        .await
        .unwrap();
    for _ in 0..120 {
        let events = story.next(&mut rng).events;
        store
            .write(move |change| events.iter().try_for_each(|event| change.append_event(event)))
            .await
            .unwrap();
    }
    let room = story::ROOMS[0];
    let page = |from, limit| store.read(|view| view.history(room, from, limit)).unwrap();
    let is_item = |event: &&RoomEvent| mesh_core::room::history::target(event).is_none();
    let all: Vec<u64> = story.events[&room].iter().filter(is_item).map(|event| event.seq.0).collect();
    for limit in [1, 2, 7, 100] {
        let (mut back, mut from) = (Vec::new(), PageFrom::Latest);
        loop {
            let page = page(from, limit);
            assert!(page.items.len() <= limit as usize);
            assert_eq!(page.at_end, from == PageFrom::Latest);
            let mut found = seqs(&page.items);
            from = PageFrom::Before { seq: Seq(found[0]) };
            found.append(&mut back);
            back = found;
            if page.at_start {
                break;
            }
        }
        assert_eq!(back, all, "back by {limit}");
        let (mut forth, mut from) = (Vec::new(), PageFrom::After { seq: Seq::ZERO });
        loop {
            let page = page(from, limit);
            assert_eq!(page.at_start, from == PageFrom::After { seq: Seq::ZERO });
            forth.extend(seqs(&page.items));
            from = PageFrom::After { seq: Seq(*forth.last().unwrap()) };
            if page.at_end {
                break;
            }
        }
        assert_eq!(forth, all, "forth by {limit}");
    }
    for _ in 0..50 {
        let seq = Seq(u64::from(rng.next_u32()) % (all.len() as u64 * 2));
        let around = page(PageFrom::Around { seq }, 10);
        let middle = all.iter().position(|item| *item >= seq.0).unwrap_or(all.len());
        let expected = &all[middle.saturating_sub(5)..(middle + 5).min(all.len())];
        assert_eq!(seqs(&around.items), expected, "around {seq:?}");
        assert_eq!(around.at_start, middle <= 5, "around {seq:?}");
        assert_eq!(around.at_end, middle + 5 >= all.len(), "around {seq:?}");
    }
    let empty = store.read(|view| view.history(RoomId(77), PageFrom::Latest, 10)).unwrap();
    assert!(empty.items.is_empty() && empty.at_start && empty.at_end);
}

#[tokio::test]
async fn positions_that_are_not_the_next_are_refused_and_leave_nothing() {
    let mut talk = Talk::new().await;
    let last = talk.post(ROOM, 1, "here").await;
    for seq in [Seq::ZERO, last, Seq(last.0 + 2), Seq(u64::MAX)] {
        let event =
            RoomEvent { room: ROOM, seq, at: UnixMillis(1), by: UserId(1), tag: None, change: posted("no") };
        let refused = talk.store.write(move |change| change.append_event(&event)).await;
        assert_eq!(refused, Err(StoreError::Refused(ErrorCode::Busy)), "{seq:?}");
    }
    let fifth = {
        talk.say(ROOM, 1, joined(4)).await;
        talk.try_say(ROOM, 1, joined(5)).await
    };
    assert_eq!(fifth, Err(StoreError::Refused(ErrorCode::RoomFull)));
    let notice = talk.try_say(ROOM, 1, edited(Seq(1), "a notice is no message")).await;
    assert_eq!(notice, Err(StoreError::Refused(ErrorCode::NotFound)));
    let nothing = talk.try_say(RoomId(99), 1, posted("nowhere")).await;
    assert_eq!(nothing, Err(StoreError::Refused(ErrorCode::NotFound)));
    talk.store.examine().unwrap();
}

#[tokio::test]
async fn former_texts_are_kept_up_to_a_limit_and_erased_with_the_message() {
    let mut talk = Talk::new().await;
    let target = talk.post(ROOM, 1, "text 0").await;
    for edit in 1..=REVISIONS_KEPT + 5 {
        talk.say(ROOM, 1, edited(target, &format!("text {edit}"))).await;
    }
    let message = talk.store.read(|view| view.message(ROOM, target)).unwrap().unwrap();
    assert_eq!(message.text, format!("text {}", REVISIONS_KEPT + 5));
    assert!(message.everyone && message.mentions == [UserId(2)]);
    let revisions = talk.store.read(|view| view.revisions(ROOM, target)).unwrap();
    assert_eq!(revisions.first().unwrap().text, "text 6");
    assert_eq!(revisions.last().unwrap().text, format!("text {}", REVISIONS_KEPT + 4));
    talk.say(ROOM, 2, RoomEventKind::Deleted { target }).await;
    // An edit that was under way when the message was deleted.
    talk.say(ROOM, 1, edited(target, "text too late")).await;
    assert!(talk.store.read(|view| view.revisions(ROOM, target)).unwrap().is_empty());
    let message = talk.store.read(|view| view.message(ROOM, target)).unwrap().unwrap();
    assert!(message.deleted && message.text.is_empty());
    let events = talk.store.read(|view| view.events(ROOM, Seq::ZERO, Seq(u64::MAX))).unwrap();
    assert!(!format!("{events:?}").contains("text "), "the words are gone from the log");
    talk.store.examine().unwrap();
}

#[tokio::test]
async fn pins_are_listed_newest_first_and_go_with_the_message() {
    let mut talk = Talk::new().await;
    let (a, b) = (talk.post(ROOM, 1, "a").await, talk.post(ROOM, 1, "b").await);
    let pin = |target, on| RoomEventKind::Pinned { target, on };
    talk.say(ROOM, 1, pin(b, true)).await;
    talk.say(ROOM, 1, pin(a, true)).await;
    let pins = |talk: &Talk| -> Vec<Seq> {
        let pins = talk.store.read(|view| view.pins(ROOM)).unwrap();
        pins.into_iter().map(|message| message.seq).collect()
    };
    assert_eq!(pins(&talk), [a, b]);
    talk.say(ROOM, 1, RoomEventKind::Reacted { target: a, emoji: "👍".to_owned(), on: true }).await;
    talk.say(ROOM, 1, pin(b, true)).await;
    assert_eq!(pins(&talk), [b, a]);
    talk.say(ROOM, 1, RoomEventKind::Deleted { target: b }).await;
    talk.say(ROOM, 1, pin(b, true)).await;
    assert_eq!(pins(&talk), [a]);
    talk.say(ROOM, 1, pin(a, false)).await;
    assert!(pins(&talk).is_empty());
    talk.store.examine().unwrap();
}

#[tokio::test]
async fn tags_are_known_after_a_restart() {
    let mut talk = Talk::new().await;
    let seq = talk.post(ROOM, 2, "once").await;
    let tag = ClientTag(format!("{ROOM}-{}", seq.0));
    for _ in 0..2 {
        assert_eq!(talk.store.read(|view| view.tag(UserId(2), &tag)).unwrap(), Some((ROOM, seq)));
        assert_eq!(talk.store.read(|view| view.tag(UserId(1), &tag)).unwrap(), None);
        talk = talk.reopen().await;
    }
    // A refused operation leaves no tag.
    let (lost, next) = (ClientTag("lost".to_owned()), Seq(seq.0 + 1));
    let event = RoomEvent {
        room: ROOM,
        seq: next,
        at: UnixMillis(talk.now),
        by: UserId(2),
        tag: Some(lost.clone()),
        change: posted("taken back"),
    };
    let refused: Result<(), _> = talk
        .store
        .write(move |change| {
            change.append_event(&event)?;
            Err(StoreError::Refused(ErrorCode::Forbidden))
        })
        .await;
    assert!(refused.is_err());
    assert_eq!(talk.store.read(|view| view.tag(UserId(2), &lost)).unwrap(), None);
}

#[tokio::test]
async fn read_marks_follow_own_posts_and_explicit_marks_also_after_a_restart() {
    let mut talk = Talk::new().await;
    let read = |talk: &Talk, user: u64| {
        let room = talk.store.read(|view| view.room(ROOM)).unwrap().unwrap();
        room.member(UserId(user)).unwrap().read.0
    };
    assert_eq!([read(&talk, 1), read(&talk, 2), read(&talk, 3)], [1, 2, 3]);
    talk.post(ROOM, 1, "4").await;
    talk.post(ROOM, 2, "5").await;
    talk.post(ROOM, 1, "6").await;
    assert_eq!([read(&talk, 1), read(&talk, 2), read(&talk, 3)], [6, 5, 3]);
    talk.store.write(|change| change.set_read(ROOM, UserId(3), Seq(99))).await.unwrap();
    // "Mark unread from here" goes back before an own post and stays there.
    talk.store.write(|change| change.set_read(ROOM, UserId(1), Seq(4))).await.unwrap();
    talk = talk.reopen().await;
    assert_eq!([read(&talk, 1), read(&talk, 2), read(&talk, 3)], [4, 5, 6]);
    // Far more posts than one record waits for.
    for number in 0..1_100 {
        talk.post(ROOM, 2, &format!("{number}")).await;
    }
    talk = talk.reopen().await;
    assert_eq!([read(&talk, 1), read(&talk, 2), read(&talk, 3)], [4, 1_106, 6]);
    let stranger = talk.store.write(|change| change.set_read(ROOM, UserId(9), Seq(1))).await;
    assert_eq!(stranger, Err(StoreError::Refused(ErrorCode::NotFound)));
    let marks = talk.store.read(|view| view.post_marks(ROOM, Seq(5), 1_000)).unwrap();
    assert_eq!((marks.len(), marks[0].seq, marks[999].seq), (1_000, Seq(107), Seq(1_106)));
}

#[tokio::test]
async fn search_finds_words_by_their_beginning_without_accents_newest_first() {
    let mut talk = Talk::new().await;
    talk.post(ROOM, 1, "Le café de Chloé").await;
    let edited_later = talk.post(OTHER, 2, "nothing to see").await;
    talk.post(ROOM, 2, "CAFETERIA at noon").await;
    let deleted = talk.post(ROOM, 3, "cafe and gone").await;
    talk.post(OTHER, 3, "decaf").await;
    talk.say(OTHER, 2, edited(edited_later, "a café after all")).await;
    talk.say(ROOM, 3, RoomEventKind::Deleted { target: deleted }).await;
    let both = [ROOM, OTHER];
    for limit in [1, 2, 50] {
        let all = ["CAFETERIA at noon", "a café after all", "Le café de Chloé"];
        assert_eq!(talk.search(&both, "cafe", None, limit), all);
        assert_eq!(talk.search(&both, "chlo CAFÉ", None, limit), ["Le café de Chloé"]);
        assert_eq!(talk.search(&[OTHER], "cafe", None, limit), ["a café after all"]);
        assert_eq!(talk.search(&both, "", Some(2), limit), ["CAFETERIA at noon", "a café after all"]);
        assert_eq!(talk.search(&both, "noon", Some(1), limit), [""; 0]);
        assert_eq!(talk.search(&both, "  ", None, limit), [""; 0]);
        assert_eq!(talk.search(&[], "cafe", None, limit), [""; 0]);
    }
}

#[tokio::test]
async fn a_search_looks_at_a_bounded_number_of_messages_at_a_time() {
    let mut talk = Talk::new().await;
    talk.post(ROOM, 1, "needle").await;
    let (mut seq, at) = (talk.store.read(|view| view.last_event(ROOM)).unwrap().0, UnixMillis(talk.now + 1));
    for _ in 0..25 {
        let events: Vec<RoomEvent> = (0..1_000)
            .map(|_| {
                seq = seq.next();
                RoomEvent { room: ROOM, seq, at, by: UserId(1), tag: None, change: posted("hay") }
            })
            .collect();
        talk.store
            .write(move |change| events.iter().try_for_each(|event| change.append_event(event)))
            .await
            .unwrap();
    }
    let request = |cursor| SearchRequest {
        request: 1,
        query: "needle".to_owned(),
        room: None,
        by: None,
        cursor,
        limit: 50,
    };
    let first = talk.store.read(|view| view.search(&[ROOM, OTHER], &request(None))).unwrap();
    assert!(first.hits.is_empty() && first.next.is_some(), "{SEARCH_BUDGET} of 25,000 were looked at");
    let second = talk.store.read(|view| view.search(&[ROOM, OTHER], &request(first.next))).unwrap();
    assert_eq!((second.hits.len(), second.next), (1, None));
    for cursor in ["", "x", "1-2", "1-0000000000001-3-4", "99999999999999999999-a-1", "--", "1--1"] {
        let page = talk.store.read(|view| view.search(&[ROOM], &request(Some(cursor.to_owned())))).unwrap();
        assert!(page.hits.is_empty(), "{cursor} starts from the newest");
    }
}

#[tokio::test]
async fn a_deleted_room_is_gone_at_once_and_its_rows_soon() {
    let mut talk = Talk::new().await;
    talk.post(OTHER, 1, "stays").await;
    let at = UnixMillis(talk.now);
    let goes =
        |seq| RoomEvent { room: ROOM, seq: Seq(seq), at, by: UserId(1), tag: None, change: posted("goes") };
    let events: Vec<RoomEvent> = (4..=2_500).map(goes).collect();
    let all = move |change: &mut Change<'_>| events.iter().try_for_each(|event| change.append_event(event));
    talk.store.write(all).await.unwrap();
    let before = talk.store.examine().unwrap();
    let events = talk.store.read(|view| view.events(OTHER, Seq::ZERO, Seq(u64::MAX))).unwrap();
    talk.store.write(|change| change.delete_room(ROOM)).await.unwrap();
    assert_eq!(talk.store.read(|view| view.room(ROOM)).unwrap(), None);
    let started = std::time::Instant::now();
    while !talk.store.read(|view| view.events(ROOM, Seq::ZERO, Seq(u64::MAX))).unwrap().is_empty() {
        assert!(started.elapsed().as_secs() < 5, "the rows are swept");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(talk.store.read(|view| view.events(OTHER, Seq::ZERO, Seq(u64::MAX))).unwrap(), events);
    let after = talk.store.examine().unwrap();
    assert_eq!((before.rooms, after.rooms), (2, 1));
}
