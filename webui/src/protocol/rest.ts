/** The REST interface, typed by the protocol. A refusal is thrown as `Refused`. */
import type { Fetch } from '../platform/types';
import type { Account } from './generated/Account';
import type { AccountChange } from './generated/AccountChange';
import type { ClaimOwner } from './generated/ClaimOwner';
import type { ErrorBody } from './generated/ErrorBody';
import type { ErrorCode } from './generated/ErrorCode';
import type { Invite } from './generated/Invite';
import type { InviteAccept } from './generated/InviteAccept';
import type { InviteCreate } from './generated/InviteCreate';
import type { InviteCreated } from './generated/InviteCreated';
import type { InviteView } from './generated/InviteView';
import type { Access } from './generated/Access';
import type { PasswordChange } from './generated/PasswordChange';
import type { Person } from './generated/Person';
import type { Recovery } from './generated/Recovery';
import type { Role } from './generated/Role';
import type { RoomChange } from './generated/RoomChange';
import type { RoomCreate } from './generated/RoomCreate';
import type { RoomRef } from './generated/RoomRef';
import type { Session } from './generated/Session';
import type { SetupStep } from './generated/SetupStep';
import type { SignIn } from './generated/SignIn';
import type { Status } from './generated/Status';
import type { Team } from './generated/Team';
import type { Trust } from './generated/Trust';
import type { UserNameCheck } from './generated/UserNameCheck';

/** Why a request failed: the box's own code, or `unreachable` when it did not answer. */
export class Refused extends Error {
  readonly code: ErrorCode | 'unreachable';
  readonly field: string | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;
  /** Wrong claim codes that still cost no wait. */
  readonly triesLeft: number | undefined;

  constructor(code: ErrorCode | 'unreachable', body?: ErrorBody) {
    super(body?.message ?? code);
    this.code = code;
    this.field = body?.field;
    this.retryAfter = body?.retryAfter;
    this.triesLeft = body?.triesLeft;
  }
}

export function isRefused(error: unknown): error is Refused {
  return error instanceof Refused;
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'code' in body;
}

export type Rest = ReturnType<typeof createRest>;

export function createRest(fetch: Fetch) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    let answer;
    try {
      answer = await fetch(method, path, body);
    } catch {
      throw new Refused('unreachable');
    }
    if (answer.status >= 200 && answer.status < 300) return answer.body as T;
    throw isErrorBody(answer.body) ? new Refused(answer.body.code, answer.body) : new Refused('internal');
  }
  const id = encodeURIComponent;
  return {
    status: () => call<Status>('GET', '/status'),
    trust: () => call<Trust>('GET', '/trust'),
    claim: (code: string) => call<null>('POST', '/claim', { code }),
    claimOwner: (owner: ClaimOwner) => call<Account>('POST', '/claim/owner', owner),
    setupDone: (step: SetupStep) => call<null>('POST', `/setup/${step}`),
    signIn: (credentials: SignIn) => call<Account>('POST', '/session', credentials),
    recover: (recovery: Recovery) => call<Account>('POST', '/recovery', recovery),
    account: () => call<Account>('GET', '/session'),
    signOut: () => call<null>('DELETE', '/session'),
    confirm: (password: string) => call<null>('POST', '/session/confirm', { password }),
    sessions: () => call<Session[]>('GET', '/sessions'),
    endSession: (session: string) => call<null>('DELETE', `/sessions/${id(session)}`),
    endSessions: (all: boolean) => call<null>('DELETE', `/sessions${all ? '?all=true' : ''}`),
    changeAccount: (change: AccountChange) => call<Account>('PATCH', '/account', change),
    changePassword: (change: PasswordChange) => call<null>('POST', '/account/password', change),
    invites: () => call<Invite[]>('GET', '/invites'),
    createInvite: (invite: InviteCreate) => call<InviteCreated>('POST', '/invites', invite),
    revokeInvite: (invite: string) => call<null>('DELETE', `/invites/${id(invite)}`),
    invite: (token: string) => call<InviteView>('GET', `/invite/${id(token)}`),
    acceptInvite: (token: string, accept: InviteAccept) => call<Account>('POST', `/invite/${id(token)}/accept`, accept),
    userName: (name: string, invite: string) =>
      call<UserNameCheck>('GET', `/user-names/${id(name)}?invite=${id(invite)}`),
    people: () => call<Person[]>('GET', '/people'),
    changeRole: (user: string, role: Role) => call<null>('PATCH', `/people/${id(user)}`, { role }),
    removePerson: (user: string) => call<null>('DELETE', `/people/${id(user)}`),
    resetPerson: (user: string) => call<InviteCreated>('POST', `/people/${id(user)}/reset`),
    renameTeam: (name: string) => call<Team>('PATCH', '/team', { name }),
    createRoom: (room: RoomCreate) => call<RoomRef>('POST', '/rooms', room),
    changeRoom: (room: string, change: RoomChange) => call<null>('PATCH', `/rooms/${id(room)}`, change),
    deleteRoom: (room: string) => call<null>('DELETE', `/rooms/${id(room)}`),
    joinRoom: (room: string) => call<null>('POST', `/rooms/${id(room)}/join`),
    leaveRoom: (room: string) => call<null>('POST', `/rooms/${id(room)}/leave`),
    putMember: (room: string, user: string, access: Access) =>
      call<null>('PUT', `/rooms/${id(room)}/members/${id(user)}`, { access }),
    removeMember: (room: string, user: string) => call<null>('DELETE', `/rooms/${id(room)}/members/${id(user)}`),
    openDirect: (user: string) => call<RoomRef>('POST', '/direct', { user }),
  };
}
