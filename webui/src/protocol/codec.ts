/** Between text and messages. What the box sends is trusted as far as the session is. */
import type { ClientMessage } from './generated/ClientMessage';
import type { ServerMessage } from './generated/ServerMessage';

/** The version of the control protocol that this client speaks (protocol/src/version.rs). */
export const PROTOCOL = 1;

export function encode(message: ClientMessage): string {
  return JSON.stringify(message);
}

/** A message, or null when the text is none. */
export function decode(text: string): ServerMessage | null {
  try {
    const parsed: unknown = JSON.parse(text);
    const isTagged = typeof parsed === 'object' && parsed !== null && 'type' in parsed;
    return isTagged && typeof parsed.type === 'string' ? (parsed as ServerMessage) : null;
  } catch {
    return null;
  }
}

/** The message of one type. */
export type Server<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;
