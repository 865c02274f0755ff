/* `tarwarden-server sweep board`. */
import { randomBytes } from 'node:crypto';
import { readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printablePath } from '@tarwarden/core/text';
import { errnoOf, readPrivate } from '@tarwarden/host';
import { isLoopbackAddress } from '../../sweep/http/own-host.ts';
import { TaskQueue } from '../../sweep/queue.ts';
import { type Call, remark, tell, UsageError, type Values } from '@tarwarden/host/command-line';
import type { SWEEP_OPTIONS } from './definition.ts';
import { listen, listenAddress, stopRequested } from '../serving.ts';
import { opened } from './tasks.ts';

const PASSWORD_VARIABLE = 'TARWARDEN_SWEEP_BOARD_PASSWORD';
const PASSWORD_CHARS_MIN = 12;
const PASSWORD_BYTES_MAX = 1024;
/** The number of random bytes in a generated password. */
const GENERATED_BYTES = 18;

/** Serves the board until it is stopped. */
export async function runBoard({ values, mainUrl }: Call<typeof SWEEP_OPTIONS>): Promise<number> {
  const { host } = listenAddress(values.listen, 'sweep');
  const password = passwordIn(values);
  const queue = await opened(values, async (common) => TaskQueue.open(common));
  try {
    const { makeBoard } = await import('../../sweep/board/board.ts');
    const server = makeBoard({
      queue,
      files: fileURLToPath(new URL('./board', mainUrl)),
      password,
      allowChanges: values['allow-changes'] === true,
      isLoopback: isLoopbackAddress(host),
      onGuesses: (address) => tell(`board: too many wrong passwords from ${address}`),
    });
    try {
      remark(`board at ${await listen(server, values.listen, 'sweep')}`);
      await stopRequested();
    } finally {
      server.close();
      server.closeAllConnections();
    }
  } finally {
    await queue.close();
  }
  return 0;
}

function passwordIn({ 'password-file': file }: Values<typeof SWEEP_OPTIONS>): string {
  const given = file === undefined ? process.env[PASSWORD_VARIABLE] : passwordAt(file);
  if (given === undefined) return generated();
  if (given.length < PASSWORD_CHARS_MIN)
    throw new UsageError(
      `the password of the board must have at least ${PASSWORD_CHARS_MIN} characters`,
      'sweep',
    );
  return given;
}

/** Makes a password and shows it. Only on a terminal: a log would keep it. */
function generated(): string {
  if (!process.stderr.isTTY)
    throw new UsageError(`board needs --password-file or ${PASSWORD_VARIABLE}`, 'sweep');
  const password = randomBytes(GENERATED_BYTES).toString('base64url');
  tell(`the password, for any user name: ${password}`);
  return password;
}

/** The first line of a file that other users can neither read nor write. */
function passwordAt(path: string): string {
  const refuse = (why: string): UsageError => unusable(path, why);
  try {
    return readPrivate(path, refuse, (fd) => {
      const bytes = Buffer.alloc(PASSWORD_BYTES_MAX + 1);
      const length = readSync(fd, bytes);
      if (length > PASSWORD_BYTES_MAX) throw refuse('it is too long');
      return bytes.toString('utf8', 0, length).split(/\r?\n/, 1)[0]!;
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw unusable(path, String(errnoOf(error) ?? error));
  }
}

function unusable(path: string, why: string): UsageError {
  return new UsageError(`the password in ${printablePath(path)} cannot be used: ${why}`, 'sweep');
}
