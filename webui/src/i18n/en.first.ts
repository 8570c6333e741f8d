/** English, the source: the words of the first screen and of whatever stands on several. */
import { ROOM_MEMBERS } from '../protocol/generated/limit';

const plural = new Intl.PluralRules('en');
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === 'one' ? one : other}`;

export const enFirst = {
  ui: {
    close: 'Close', cancel: 'Cancel', save: 'Save', retry: 'Try again', undo: 'Undo', copy: 'Copy', copied: 'Copied', notices: 'Notices',
    showPassword: 'Show password', hidePassword: 'Hide password', typeToConfirm: (word: string) => `Type “${word}” to confirm`,
  },
  app: {
    skip: 'Skip to content', sections: 'Sections', roomList: 'Rooms and people', back: 'Back', toRooms: 'Go to your rooms',
    notFound: 'This page does not exist', notFoundText: 'The address leads nowhere.', notFoundKeys: (keys: string) => `Press ${keys} to jump to a room or a person.`,
    tagline: 'Your team, on your own box', jump: 'Jump to', search: 'Search', admin: 'Admin', settings: 'Settings', signOut: 'Sign out', listWidth: 'Width of the room list', sideWidth: 'Width of the side panel',
  },
  link: {
    looking: 'Looking for the box…', reconnecting: 'Reconnecting… Messages wait and will be sent.', restarting: 'The box restarts. Messages wait and will be sent.',
    offline: (time: string) => `Without the box since ${time}. Messages wait and will be sent.`, slow: (ms: number) => `The box answers slowly (${(ms / 1000).toFixed(1)} s).`,
    tryNow: 'Try now', outdated: 'A new version is ready.', reload: 'Reload', needsBox: 'This needs the box. Try again when it is back.',
    diskFull: 'The disk of the box is full: you can read, but nothing can be saved until there is space.', diskFailing: 'The disk of the box reports errors: you can read, but nothing can be saved.',
    unreachable: 'The box does not answer', unreachableText: 'Check that the box is on and that you are on its network.',
  },
  roles: { owner: 'Owner', member: 'Member', guest: 'Guest' },
  presence: {
    online: 'Online', away: 'Away', do_not_disturb: 'Do not disturb', offline: 'Offline', automatic: 'Online while active', menu: (name: string) => `${name}: presence and sign-out`,
    setText: 'Set a status text…', text: 'Status text', textRefused: 'Leave out invisible characters and those that change the direction of text.', textHelp: 'Others see it beside your name. Leave it empty to show none.',
  },
  room: {
    rooms: 'Rooms', people: 'People', joinable: 'More rooms', archive: 'Archive', none: 'No room yet. Make one, or ask to be added.', create: 'New room', createAction: 'Create room', name: 'Name', topic: 'Topic', topicHelp: 'What it is about. May stay empty.',
    whoEnters: 'Who may enter', open: 'Everybody in the team', openHelp: 'Members see it and may join while there is a place.', invited: 'Only who is added', invitedHelp: 'Others don’t see it.',
    membersOf: (n: number) => `Members (${n} of ${ROOM_MEMBERS})`, unread: (n: number, m: number) => `${count(n, 'unread message', 'unread messages')}${m > 0 ? `, ${count(m, 'mention', 'mentions')}` : ''}`,
    unsent: (n: number) => `Not sent: ${n}`, you: 'you', reads: 'reads', makeReader: 'May only read', makeWriter: 'May write', removeMember: 'Remove from the room', memberMenu: (name: string) => `Change ${name}`, add: 'Add somebody', addAction: 'Add', full: 'The room is full: a room has four members at most.',
    settings: 'Room settings', archiveAction: 'Archive', unarchive: 'Take out of the archive', archived: 'Room archived', unarchived: 'Room is back', delete: 'Delete room', deleteTitle: (name: string) => `Delete ${name}?`, deleteText: 'The room and everything written in it is gone for good, for everybody.',
    peopleIn: 'People in the room', more: 'More', leave: 'Leave the room', join: 'Join', joinText: (name: string) => `You are not in ${name} yet.`, fullRefusal: 'This room is full: a room has four members at most. Ask somebody to leave, or make another room.',
    gone: 'This room does not exist, or not for you.', notHere: 'This room is not on this device yet. It appears when the box is back.',
  },
  chat: {
    messages: 'Messages', placeholder: (room: string) => `Message ${room}`, send: 'Send', save: 'Save', mention: 'Mention', everyone: 'everyone', reply: 'Reply', edit: 'Edit', delete: 'Delete', react: 'React', more: 'More', copyText: 'Copy text', copyLink: 'Copy link', markUnread: 'Mark unread from here',
    pin: 'Pin', unpin: 'Unpin', pinned: 'Pinned', pins: 'Pinned messages', noPins: 'Nothing is pinned here. Pin a message from its menu.', pinsLeftOut: (n: number) => count(n, 'older pin is not shown: the messages are long.', 'older pins are not shown: the messages are long.'), pinsFailed: 'Pinned messages could not be loaded.', showHistory: 'Former texts', formerTexts: 'Former texts', edited: 'edited', deleted: 'Message deleted', messageDeleted: 'Message deleted',
    code: 'Code', copyCode: 'Copy code', editing: 'Editing your message', replyingTo: (name: string, text: string) => `Reply to ${name}: ${text}`, earlier: 'An earlier message', notFound: 'The message could not be found.', start: (room: string) => (room ? `This is the start of ${room}. Say hello.` : 'This is the start of your conversation. Say hello.'),
    loadFailed: 'Messages could not be loaded.', olderFailed: 'Older messages could not be loaded.', newMessages: (n: number) => count(n, 'new message', 'new messages'), toLatest: (n: number) => (n > 0 ? `Latest · ${n}` : 'Latest'),
    waiting: 'Waiting for the box', sending: 'Sending…', writing: (names: string, n: number) => `${names} ${n === 1 ? 'is' : 'are'} writing…`, seenBy: (names: string) => `Seen by ${names}`, messageBy: (name: string, at: string) => `${name}, ${at}`,
    reactedBy: (emoji: string, n: number, names: string) => `${emoji}, ${n}: ${names}`, archived: 'This room is archived: you can read it.', readOnly: 'You may read this room, not write in it. Ask an owner.', length: (bytes: number, most: number) => `${bytes} of ${most} bytes. Split longer texts into several messages.`,
    spoken: (name: string, text: string) => `${name}: ${text}.`, spokenMany: (n: number, room: string) => `${n} new messages${room ? ` in ${room}` : ''}.`,
  },
  notice: {
    created: (by: string, name: string) => `${by} made the room ${name}.`, directStarted: (by: string) => `${by} started this conversation.`, joined: (name: string) => `${name} came in.`, added: (by: string, name: string) => `${by} added ${name}.`, left: (name: string) => `${name} left.`,
    removed: (by: string, name: string) => `${by} removed ${name}.`, archived: (by: string) => `${by} archived the room.`, unarchived: (by: string) => `${by} took the room out of the archive.`, renamed: (by: string, name: string) => `${by} renamed the room to ${name}.`, topic: (by: string, topic: string) => `${by} set the topic: ${topic}`, changed: (by: string) => `${by} changed who may enter.`,
  },
  errors: {
    unreachable: 'The box does not answer. Check your network and try again.', malformed: 'The box did not understand that. Reload the page.', version_unsupported: 'This page is of another version. Reload it.', signed_out: 'Sign in first.', credentials_wrong: 'User name or password is not right.', recovery_code_wrong: 'Code or user name is not right, or the code has expired. The box makes a new one for an owner; others ask an owner for a link.', reauthentication_needed: 'Enter your password again to do this.',
    claim_code_wrong: 'This code is not right, or it has expired. Check it and try again.', already_claimed: 'This box has an owner already. Sign in instead.', not_claimed: 'This box has no owner yet.', too_many: 'Too many tries. Wait a little.', forbidden: 'You are not allowed to do this. Ask an owner.', not_found: 'This does not exist, or not for you.', method_not_allowed: 'The box did not understand that. Reload the page.',
    host_unknown: 'This address is not one of the box’s names.', origin_foreign: 'Requests from other sites are refused.', field_invalid: 'A field has a value that is not allowed.', text_too_long: 'Too long. Split it into several messages.', text_empty: 'There is no text.', too_large: 'This is larger than allowed.', user_name_taken: 'This user name is taken; choose another.',
    room_name_taken: 'A room of this name exists; choose another.', room_full: 'The room is full: a room has four members at most.', call_full: 'The call is full: four people at most. Ask someone to leave.', rights_changed: 'What you may do has changed. Join again.', device_unknown: 'This browser is not known to the box yet. Reload the page.', call_moved: 'You are in this call on another device now.', limit_reached: 'There is no place for another one. Remove one first.', room_archived: 'The room is archived.', read_only: 'You may read this room, not write in it.', message_deleted: 'The message was deleted.', not_author: 'Only its author can do this.',
    invite_used: 'This invite was used. Ask for a new one.', invite_expired: 'This invite has expired. Ask for a new one.', invite_revoked: 'This invite was taken back. Ask for a new one.', last_owner: 'A team needs an owner. Make somebody else one first.', storage_full: 'The disk of the box is full. Nothing was saved.', storage_failing: 'The disk of the box reports errors. Nothing was saved.', busy: 'The box is busy. Try again shortly.', internal: 'Something went wrong in the box. Its log has the details.',
  },
};
