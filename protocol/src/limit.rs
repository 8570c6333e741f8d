//! Every maximum on the wire, with its unit and its reason. Both sides enforce them; the decoder refuses what
//! is above before anything else looks at it.

/// Bytes of one WebSocket message from a client; the appliance keeps its own near it (security.md section 6).
pub const MESSAGE_BYTES: usize = 64 * 1024;
/// Bytes of one chat message in UTF-8: a long page of text; a longer paste is a file.
pub const CHAT_TEXT_BYTES: usize = 16 * 1024;
/// Characters of a client tag: a UUID in its usual spelling.
pub const CLIENT_TAG_CHARS: usize = 36;
/// Bytes of one reaction: the longest joined emoji sequences take 35.
pub const EMOJI_BYTES: usize = 64;
/// Different emoji on one chat message.
pub const REACTION_KINDS: usize = 20;
/// Pinned chat messages in a room: a list that is read, not an archive.
pub const PINS_PER_ROOM: usize = 50;
/// Bytes of a user name: `a-z 0-9 . _ -`, starts with a letter or digit.
pub const USER_NAME_BYTES: usize = 32;
/// Characters of a display name, a room name or the team name.
pub const NAME_CHARS: usize = 48;
/// Characters of a room topic.
pub const TOPIC_CHARS: usize = 200;
/// Characters of the free text beside presence.
pub const STATUS_TEXT_CHARS: usize = 80;
/// Characters of a password at least.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// Bytes of a password at most, so that hashing has a bounded input (security.md 4.4).
pub const PASSWORD_MAX_BYTES: usize = 1024;
/// Characters of a claim code, without the dash: 40 bits, throttled.
pub const CLAIM_CODE_CHARS: usize = 8;
/// Members of a room, direct messages included: Mesh is for two to four people.
pub const ROOM_MEMBERS: usize = 4;
/// Members of a direct message.
pub const DIRECT_MEMBERS: usize = 2;
/// Rooms of a team, archived and direct ones included.
pub const ROOMS: usize = 200;
/// Users of a team: four people and some guests over the years; removed ones do not count.
pub const USERS: usize = 64;
/// Sessions of one user; the oldest is signed out beyond.
pub const SESSIONS_PER_USER: usize = 20;
/// Open invites of a team.
pub const OPEN_INVITES: usize = 32;
/// Life of an invite at least, in seconds: one hour, so that whoever gets it has the time to use it.
pub const INVITE_MIN_SECONDS: u64 = 3600;
/// Life of an invite at most, in seconds: 7 days.
pub const INVITE_SECONDS: u64 = 7 * 24 * 3600;
/// History items in one page.
pub const PAGE_ITEMS: u32 = 100;
/// Search results in one page.
pub const SEARCH_RESULTS: u32 = 50;
/// Bytes of a search query.
pub const SEARCH_QUERY_BYTES: usize = 256;
/// Room events that one resume replays in all; beyond, rooms start from a fresh page.
pub const RESUME_EVENTS: u64 = 10_000;
/// Room events in one `room_events` message; with the longest text a message still holds at least three, so
/// the sender also stops at [`MESSAGE_BYTES`].
pub const EVENTS_PER_MESSAGE: usize = 200;
/// Chat messages counted as unread in a room at most; a badge beyond shows this number and a plus.
pub const UNREAD_WINDOW: usize = 10_000;
/// Seconds that a repeated client tag is recognised: 7 days, longer than any queue waits.
pub const CLIENT_TAG_SECONDS: u64 = 7 * 24 * 3600;
/// Bytes that may wait for one slow session before it is cut off and resumes.
pub const SESSION_QUEUE_BYTES: usize = 256 * 1024;
/// Messages a session may send a second, sustained.
pub const MESSAGES_PER_SECOND: u32 = 50;
/// Messages a session may send at once after a quiet time.
pub const MESSAGES_BURST: u32 = 200;
/// Milliseconds between the appliance's pings.
pub const PING_INTERVAL_MS: u64 = 20_000;
/// Milliseconds a new WebSocket has to say hello.
pub const HELLO_TIMEOUT_MS: u64 = 5_000;
/// Milliseconds a typing mark lasts without being renewed.
pub const TYPING_MS: u64 = 6_000;
/// Bytes of a capability in its compact form (security.md 4.3).
pub const CAPABILITY_BYTES: usize = 2_048;
/// Seconds a capability to control a terminal lives.
pub const CONTROL_SECONDS: u64 = 60;
/// Seconds a capability to share a file or a folder lives.
pub const SHARE_SECONDS: u64 = 120;
/// Seconds a capability to call, to share a screen or to look at a terminal lives.
pub const CALL_SECONDS: u64 = 180;
/// Token keys of a keyset: the one in use, the one before, the one after.
pub const TOKEN_KEYS: usize = 3;
/// Capabilities that a verifier remembers as used.
pub const REPLAY_ENTRIES: usize = 4_096;
/// Capabilities of one presenting device that a verifier remembers as used.
pub const REPLAY_ENTRIES_PER_DEVICE: usize = 64;
/// Participants of a call: a mesh of four is where a laptop's encoder and uplink still suffice.
pub const CALL_PARTICIPANTS: usize = 4;
/// Milliseconds a participant stays in a call whose device the box has lost: a reload, a change of network.
pub const CALL_GRACE_MS: u64 = 10_000;
/// Milliseconds the other members are called when a call starts.
pub const CALL_RING_MS: u64 = 30_000;
/// Bytes of one signaling message: an SDP of four tracks each way takes some 12 KiB.
pub const SIGNAL_BYTES: usize = 32 * 1024;
/// Devices of one user; the oldest goes beyond.
pub const DEVICES_PER_USER: usize = 20;
