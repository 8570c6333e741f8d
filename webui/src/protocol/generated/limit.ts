// Made from protocol/src/limit.rs by `make gen`. Do not edit.

/** Bytes of one WebSocket message from a client; the appliance keeps its own near it (security.md section 6). */
export const MESSAGE_BYTES = 64 * 1024;

/** Bytes of one chat message in UTF-8: a long page of text; a longer paste is a file. */
export const CHAT_TEXT_BYTES = 16 * 1024;

/** Characters of a client tag: a UUID in its usual spelling. */
export const CLIENT_TAG_CHARS = 36;

/** Bytes of one reaction: the longest joined emoji sequences take 35. */
export const EMOJI_BYTES = 64;

/** Different emoji on one chat message. */
export const REACTION_KINDS = 20;

/** Pinned chat messages in a room: a list that is read, not an archive. */
export const PINS_PER_ROOM = 50;

/** Bytes of a user name: `a-z 0-9 . _ -`, starts with a letter or digit. */
export const USER_NAME_BYTES = 32;

/** Characters of a display name, a room name or the team name. */
export const NAME_CHARS = 48;

/** Characters of a room topic. */
export const TOPIC_CHARS = 200;

/** Characters of the free text beside presence. */
export const STATUS_TEXT_CHARS = 80;

/** Characters of a password at least. */
export const PASSWORD_MIN_CHARS = 10;

/** Bytes of a password at most, so that hashing has a bounded input (security.md 4.4). */
export const PASSWORD_MAX_BYTES = 1024;

/** Characters of a claim code, without the dash: 40 bits, throttled. */
export const CLAIM_CODE_CHARS = 8;

/** Members of a room, direct messages included: Mesh is for two to four people. */
export const ROOM_MEMBERS = 4;

/** Members of a direct message. */
export const DIRECT_MEMBERS = 2;

/** Rooms of a team, archived and direct ones included. */
export const ROOMS = 200;

/** Users of a team: four people and some guests over the years; removed ones do not count. */
export const USERS = 64;

/** Sessions of one user; the oldest is signed out beyond. */
export const SESSIONS_PER_USER = 20;

/** Open invites of a team. */
export const OPEN_INVITES = 32;

/** Life of an invite at least, in seconds: one hour, so that whoever gets it has the time to use it. */
export const INVITE_MIN_SECONDS = 3600;

/** Life of an invite at most, in seconds: 7 days. */
export const INVITE_SECONDS = 7 * 24 * 3600;

/** History items in one page. */
export const PAGE_ITEMS = 100;

/** Search results in one page. */
export const SEARCH_RESULTS = 50;

/** Bytes of a search query. */
export const SEARCH_QUERY_BYTES = 256;

/** Room events that one resume replays in all; beyond, rooms start from a fresh page. */
export const RESUME_EVENTS = 10_000;

/** Room events in one `room_events` message; with the longest text a message still holds at least three, so the sender also stops at [`MESSAGE_BYTES`]. */
export const EVENTS_PER_MESSAGE = 200;

/** Chat messages counted as unread in a room at most; a badge beyond shows this number and a plus. */
export const UNREAD_WINDOW = 10_000;

/** Seconds that a repeated client tag is recognised: 7 days, longer than any queue waits. */
export const CLIENT_TAG_SECONDS = 7 * 24 * 3600;

/** Bytes that may wait for one slow session before it is cut off and resumes. */
export const SESSION_QUEUE_BYTES = 256 * 1024;

/** Messages a session may send a second, sustained. */
export const MESSAGES_PER_SECOND = 50;

/** Messages a session may send at once after a quiet time. */
export const MESSAGES_BURST = 200;

/** Milliseconds between the appliance's pings. */
export const PING_INTERVAL_MS = 20_000;

/** Milliseconds a new WebSocket has to say hello. */
export const HELLO_TIMEOUT_MS = 5_000;

/** Milliseconds a typing mark lasts without being renewed. */
export const TYPING_MS = 6_000;

/** Bytes of a capability in its compact form (security.md 4.3). */
export const CAPABILITY_BYTES = 2_048;

/** Seconds a capability to control a terminal lives. */
export const CONTROL_SECONDS = 60;

/** Seconds a capability to share a file or a folder lives. */
export const SHARE_SECONDS = 120;

/** Seconds a capability to call, to share a screen or to look at a terminal lives. */
export const CALL_SECONDS = 180;

/** Token keys of a keyset: the one in use, the one before, the one after. */
export const TOKEN_KEYS = 3;

/** Capabilities that a verifier remembers as used. */
export const REPLAY_ENTRIES = 4_096;

/** Capabilities of one presenting device that a verifier remembers as used. */
export const REPLAY_ENTRIES_PER_DEVICE = 64;

/** Participants of a call: a mesh of four is where a laptop's encoder and uplink still suffice. */
export const CALL_PARTICIPANTS = 4;

/** Milliseconds a participant stays in a call whose device the box has lost: a reload, a change of network. */
export const CALL_GRACE_MS = 10_000;

/** Milliseconds the other members are called when a call starts. */
export const CALL_RING_MS = 30_000;

/** Bytes of one signaling message: an SDP of four tracks each way takes some 12 KiB. */
export const SIGNAL_BYTES = 32 * 1024;

/** Devices of one user; the oldest goes beyond. */
export const DEVICES_PER_USER = 20;
