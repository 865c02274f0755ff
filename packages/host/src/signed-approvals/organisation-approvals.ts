/*
 * The approvals of the user's organisation, which a guard asks for before it refuses an archive. A clean install asks for nothing. If the
 * server does not answer, or answers with something else than a valid list, the archive is refused as before.
 */
import { readFileSync } from 'node:fs';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { dayOf, type HeldException } from '@tarwarden/core/policy';
import { printable, redactUrl } from '@tarwarden/core/text';
import { isDocumentUrl } from '../fetch/document-url.ts';
import { readAtMost } from '../fetch/read-at-most.ts';
import { replaceFile } from '../files/replace-file.ts';
import { stateDirectory } from '../machine-key/state-directory.ts';
import { inTime } from '../serving/in-time.ts';
import { isUsable, readPinnedKeys, type PinnedKeyText } from '../signed-verdicts/index.ts';
import type { Environment } from '../verdict-store/cache-directory.ts';
import { openApprovalList, type ApprovalList } from './approval-list.ts';

/** Milliseconds for an answer, and its most bytes. */
const ANSWER_WITHIN = 5_000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
/** The most servers whose newest list is remembered. */
const SERVERS_MAX = 50;

export interface OrganisationApprovalsOptions {
  /** The address of the list. */
  readonly from: string;
  /** All pinned keys. Only those with the use `approvals` count. */
  readonly keys: readonly PinnedKeyText[];
  readonly env: Environment;
}

/** The newest list of a server that this machine has seen. */
type SeenList = Pick<ApprovalList, 'ledger' | 'number' | 'issued'>;

export class OrganisationApprovals {
  readonly #options: OrganisationApprovalsOptions;
  readonly #answers = new Map<string, Promise<readonly HeldException[]>>();
  #isGivenUp = false;

  constructor(options: OrganisationApprovalsOptions) {
    this.#options = options;
  }

  /** The approved exceptions for an archive. Never rejects: says once on standard error why there are none. */
  async about(sha512: string): Promise<readonly HeldException[]> {
    const known = this.#answers.get(sha512);
    if (known !== undefined) return known;
    const answer = this.#ask(sha512);
    this.#answers.set(sha512, answer);
    return answer;
  }

  async #ask(sha512: string): Promise<readonly HeldException[]> {
    const { from } = this.#options;
    if (this.#isGivenUp) return [];
    try {
      if (!isDocumentUrl(from)) throw new Error('it is not an https address');
      const now = Date.now();
      const keys = readPinnedKeys(this.#options.keys, 'approvals').filter((key) =>
        isUsable(key, dayOf(now)),
      );
      if (keys.length === 0) throw new Error('your policy file pins no key for approvals');
      const url = new URL(from);
      const host = url.host;
      // The digest is that of an archive that this machine has, so a list may answer about private packages.
      url.searchParams.set('sha512', sha512);
      const list = await openApprovalList(await answerOf(url), { keys, now });
      this.#checkOrder(list);
      return list.exceptions
        .filter((exception) => exception.sha512 === sha512)
        .map(({ by, ...exception }) => ({
          ...exception,
          approvedBy: 'approvals' as const,
          by: `${by} through ${host}`,
        }));
    } catch (error) {
      this.#giveUp(error instanceof Error ? error.message : String(error));
      return [];
    }
  }

  /** A list that was replaced must not come back: an approval may have been revoked meanwhile. @throws Error for an older list. */
  #checkOrder({ ledger, number, issued }: ApprovalList): void {
    const { from, env } = this.#options;
    const path = join(stateDirectory(env), 'approvals-seen.json');
    const seen = seenIn(path);
    const before = seen.get(from);
    const isOlder =
      before !== undefined &&
      (before.ledger === ledger ? number < before.number : issued < before.issued);
    if (isOlder) throw new Error('its list is older than one that this machine has seen');
    if (before?.ledger === ledger && before.number === number) return;
    seen.delete(from);
    seen.set(from, { ledger, number, issued });
    const entries = [...seen].slice(-SERVERS_MAX);
    try {
      const text = `${JSON.stringify(Object.fromEntries(entries))}\n`;
      replaceFile(path, text, { permissions: 0o600, folders: 0o700 });
    } catch {
      // The folder is not writable. A list still counts for a day only.
    }
  }

  #giveUp(why: string): void {
    if (this.#isGivenUp) return;
    this.#isGivenUp = true;
    process.stderr.write(
      `tarwarden: the approvals at ${redactUrl(this.#options.from)} do not count (${printable(redactUrl(why))}), so what is rejected is refused\n`,
    );
  }
}

function seenIn(path: string): Map<string, SeenList> {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Record<string, SeenList>;
    return new Map(Object.entries(value).filter(([, list]) => isSeen(list)));
  } catch {
    return new Map();
  }
}

function isSeen(value: unknown): value is SeenList {
  if (typeof value !== 'object' || value === null) return false;
  const { ledger, number, issued } = value as Record<string, unknown>;
  return typeof ledger === 'string' && typeof number === 'number' && typeof issued === 'number';
}

/** Loads only Node's own client, because a guard asks in the middle of an install. Redirects are not followed. */
async function answerOf(url: URL): Promise<string> {
  const { request: send } =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  let request: ClientRequest | undefined;
  const answered = new Promise<Buffer>((resolve, reject) => {
    request = send(url, { headers: { accept: 'application/json' }, agent: false });
    request.on('error', reject);
    request.on('response', (response) => void bodyOf(response).then(resolve, reject));
    request.end();
  });
  try {
    const limit = `no answer within ${ANSWER_WITHIN / 1000} s`;
    return (await inTime(ANSWER_WITHIN, answered, limit)).toString('utf8');
  } catch (error) {
    answered.catch(() => undefined);
    throw error;
  } finally {
    request?.destroy();
  }
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  if (response.statusCode !== 200) throw new Error(`it answers ${response.statusCode}`);
  const tooLong = (): Error => new Error('its answer is too long');
  return readAtMost(response, { bytesMax: ANSWER_BYTES_MAX, tooLong });
}
