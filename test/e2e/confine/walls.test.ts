/**
 * What the kernel stops, as root and as a user, and in a container. Every attempt is made without
 * walls as well: what fails there proves nothing.
 */
import {
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  confinedCommand,
  findHelper,
  type Helper,
  type Walls,
} from '../../../packages/confine/src/helper.ts';

const ATTEMPTS = fileURLToPath(new URL('../../support/confine/attempts.py', import.meta.url));
const FILTERED = fileURLToPath(new URL('../../support/confine/filtered.py', import.meta.url));

const here = findHelper();
const isRoot = process.getuid?.() === 0;

/** What succeeds behind every wall. */
const ALLOWED = [
  'write inside',
  'move inside',
  'change modes',
  'change times',
  'read a file',
  'talk to a child',
  'write to /dev/null',
];
/** What is as it was where the network is there. */
const BY_NETWORK = [
  'share memory by a number',
  'connect by TCP',
  'send a datagram',
  'connect to a socket with a path',
  'send a datagram to a path',
];
/** Answered by the filter, with the network and without. Where users may make namespaces at all, both are done without walls. */
const NAMESPACES = ['become root of a namespace', 'start a root of a namespace'];
const hasNamespaces = spawnSync('/usr/bin/unshare', ['-U', '/bin/true']).status === 0;
/** Nothing that a kernel may have: the container of these tests, or its terminal, decides. */
const BY_MACHINE = [
  'mount',
  'hold capabilities',
  'empty a folder by a file system',
  ...NAMESPACES,
  'clone a mount',
  'start a ring',
  'make a device',
  'type into the terminal',
  'read a key of the user',
  'enter the root of another process',
  'reach into another process',
];

/** A process of the same user that is not confined. */
const OTHER = `
import os, socket, sys, time
one = socket.socket(socket.AF_UNIX)
one.bind('\\0' + sys.argv[1])
one.listen()
if os.path.exists(sys.argv[2]):
    os.unlink(sys.argv[2])
two = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
two.bind(sys.argv[2])
print('ready', flush=True)
time.sleep(600)
`;

type Came = Readonly<Record<string, string>>;

describe.skipIf('problem' in here)('walls', () => {
  let root: string;
  let servers: Server[];
  let port: number;
  const name = `tarwarden-walls-${process.pid}`;
  const at = (...path: string[]): string => join(root, ...path);

  beforeEach(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-walls-')));
    for (const folder of ['outside/empty', 'outside/work', 'inside', 'tmp'])
      mkdirSync(at(folder), { recursive: true });
    for (const file of ['victim', 'movable', 'removable', 'work/kept'])
      writeFileSync(at('outside', file), 'kept');
    const [tcp, path] = await Promise.all([
      listening({ host: '127.0.0.1', port: 0 }),
      listening({ path: at('outside/socket') }),
    ]);
    servers = [tcp, path];
    port = (tcp.address() as { port: number }).port;
    if (isRoot) own(root);
  });
  afterEach(() => {
    for (const server of servers) server.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** As the user of number 1000, who owns it. */
  function own(folder: string): void {
    chownSync(folder, 1000, 1000);
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) own(join(folder, entry.name));
      else chownSync(join(folder, entry.name), 1000, 1000);
  }

  async function attempt(
    helper: Helper | undefined,
    { network, under }: { network: boolean; under: readonly [string, string] },
  ): Promise<Came> {
    const walls: Walls = {
      grants: [
        { kind: 'write', path: at('inside') },
        { kind: 'device', path: '/dev/null' },
      ],
      reading: false,
      network,
      temporary: at('tmp'),
    };
    const other = spawn(
      '/usr/bin/python3',
      [FILTERED, ...under, '/usr/bin/python3', '-c', OTHER, name, at('outside/datagrams')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(other.stdout, 'data');
    const pid = String(other.pid);
    const args = [ATTEMPTS, at('outside'), at('inside'), pid, String(port), name];
    const program = { file: '/usr/bin/python3', args };
    const { file, args: all } =
      helper === undefined ? program : confinedCommand(helper, program, walls);
    const open = openSync(at('outside/victim'), 'r+');
    try {
      const stdio = [
        'ignore',
        'pipe',
        'pipe',
        ...Array.from({ length: 6 }, () => 'ignore' as const),
        open,
      ] as const;
      return JSON.parse(
        await output('/usr/bin/python3', [FILTERED, ...under, file, ...all], stdio),
      ) as Came;
    } finally {
      closeSync(open);
      other.kill('SIGKILL');
    }
  }

  const users = isRoot ? (['0', '1000'] as const) : (['0'] as const);
  const lists = process.arch === 'x64' ? (['none', 'container'] as const) : (['none'] as const);
  const cases = users.flatMap((user) => lists.map((list) => [user, list] as const));

  test.skipIf(!isRoot || process.arch !== 'x64')(
    'take capabilities from a root that may not give them up for good',
    async () => {
      const helper = findHelper();
      if ('problem' in helper) throw new Error(helper.problem);
      const under = ['0', 'inherited'] as const;
      const came = async (by?: Helper): Promise<string | undefined> =>
        (await attempt(by, { network: true, under }))['hold capabilities'];
      expect(await came(helper)).toBe('EPERM');
      expect(await came()).toBe('done');
    },
  );

  test.each(cases)('as user %s, under the list "%s"', async (user, list) => {
    const helper = findHelper();
    if ('problem' in helper) throw new Error(helper.problem);
    const under = [user, list] as const;
    const confined = await attempt(helper, { network: false, under });
    const online = await attempt(helper, { network: true, under });
    rmSync(at('inside'), { recursive: true });
    mkdirSync(at('inside'));
    if (isRoot) own(root);
    // Last, since it takes away what the others try to.
    const free = await attempt(undefined, { network: true, under });

    const stopped = Object.keys(free).filter(
      (one) => ![...ALLOWED, ...BY_MACHINE, 'signals'].includes(one),
    );
    for (const one of [...stopped, ...ALLOWED, 'signals'])
      expect({ [one]: free[one] }).toEqual({ [one]: 'done' });
    for (const one of [...ALLOWED, 'signals'])
      expect({ [one]: confined[one] }).toEqual({ [one]: 'done' });
    for (const one of [...stopped, ...BY_MACHINE])
      expect({ [one]: confined[one] }).not.toEqual({ [one]: 'done' });
    for (const one of NAMESPACES) {
      expect({ [one]: confined[one] }).toEqual({ [one]: 'EPERM' });
      expect({ [one]: online[one] }).toEqual({ [one]: 'EPERM' });
      if (hasNamespaces && user === '0' && list === 'none')
        expect({ [one]: free[one] }).toEqual({ [one]: 'done' });
    }
    for (const one of BY_NETWORK) expect({ [one]: online[one] }).toEqual({ [one]: 'done' });
    const still = stopped.filter((one) => !BY_NETWORK.includes(one));
    for (const one of still) expect({ [one]: online[one] }).not.toEqual({ [one]: 'done' });
  });

  test.skipIf(!hasNamespaces).each(users)(
    'as user %s, keep what lies in a folder that may be written',
    async (user) => {
      const helper = findHelper();
      if ('problem' in helper) throw new Error(helper.problem);
      mkdirSync(at('inside/kept/below'), { recursive: true });
      writeFileSync(at('inside/kept/file'), 'kept');
      if (isRoot) own(root);
      // It starts in the folder itself, where it is not yet behind a mount.
      const script = `
      for line in 'echo x >file' 'mkdir new' 'chmod 777 file' 'rm -r below' 'mv ../kept ../moved' 'rm -r ../kept' 'ln file ../second'; do
        sh -c "$line" 2>/dev/null && echo "$line"
      done
      echo x >../beside && cat file`;
      const { file, args } = confinedCommand(
        helper,
        { file: '/bin/sh', args: ['-c', `cd .; ${script}`] },
        {
          grants: [
            { kind: 'write', path: at('inside') },
            { kind: 'device', path: '/dev/null' },
          ],
          kept: [at('inside/kept'), at('inside/missing')],
          reading: false,
          network: true,
          temporary: at('tmp'),
        },
      );
      const program = [FILTERED, user, 'none', file, ...args];
      const cwd = at('inside/kept');
      const result = spawnSync('/usr/bin/python3', program, { cwd, encoding: 'utf8' });
      expect(result).toMatchObject({ stdout: 'kept', stderr: '', status: 0 });
      expect(readdirSync(at('inside')).toSorted()).toEqual(['beside', 'kept']);
      expect(readdirSync(at('inside/kept')).toSorted()).toEqual(['below', 'file']);
    },
  );

  test.skipIf(process.arch !== 'x64')(
    'are not there where the kernel has no Landlock',
    async () => {
      const helper = findHelper();
      if ('problem' in helper) throw new Error(helper.problem);
      const { file, args } = helper.command;
      const answer = await output(
        '/usr/bin/python3',
        [FILTERED, '0', 'no-landlock', file, ...args, 'probe'],
        ['ignore', 'pipe', 'pipe'],
      );
      expect(answer).toBe('-38');
    },
  );
});

async function listening(
  where: { path: string } | { host: string; port: number },
): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end());
  await new Promise<void>((resolve) => {
    server.listen(where, resolve);
  });
  return server;
}

async function output(
  file: string,
  args: readonly string[],
  stdio: readonly ('ignore' | 'pipe' | number)[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: [...stdio], env: { PATH: '/usr/bin:/bin' } });
    const text = { out: '', err: '' };
    child.stdout?.setEncoding('utf8').on('data', (data: string) => (text.out += data));
    child.stderr?.setEncoding('utf8').on('data', (data: string) => (text.err += data));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(text.out) : reject(new Error(`${file} ended with ${code}: ${text.err}`)),
    );
  });
}
