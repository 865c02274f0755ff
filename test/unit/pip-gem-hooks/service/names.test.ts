/** Names of which a client is about to make a path. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { SERVICE_ENVIRONMENT } from '@tarwarden/pip-gem-hooks/protocol';
import {
  startInspectionService,
  type InspectionService,
} from '../../../../packages/pip-gem-hooks/src/service/service.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let root: string;
let service: InspectionService;
freshFolder(async (made) => {
  root = made;
  const env = { XDG_CONFIG_HOME: root, XDG_CACHE_HOME: root };
  service = await startInspectionService({ env, project: root });
});
afterEach(() => service.close());

async function ask(question: object): Promise<unknown> {
  const { [SERVICE_ENVIRONMENT.address]: address = '', [SERVICE_ENVIRONMENT.token]: token } =
    service.env;
  const socket = connect(address.replace(/^unix:/, ''));
  socket.end(`${JSON.stringify({ token, ask: 'name', format: 'gem', ...question })}\n`);
  return JSON.parse(await text(socket)) as unknown;
}

const refused = (message: string) => ({
  status: 'refuse',
  message: expect.stringContaining(message),
});

test('a name passes of which a client can make a path, and another ends everything', async () => {
  const name = { name: 'a.b', version: '1.0', platform: 'ruby' };
  expect(await ask(name)).toEqual({ status: 'accept' });
  const answer = await ask({ ...name, name: '../\u001bx', source: 'http://me:hush@h.test/' });
  expect(answer).toEqual(refused('no gem can have the name "../\\x1bx"'));
  expect(JSON.stringify(answer)).not.toContain('hush');
  expect(service.events).toEqual([{ event: 'blocked', subject: '../\\x1bx@1.0' }]);
  expect(await ask(name)).toEqual(refused('../'));
  const inspect = { ask: 'inspect', path: '/x', sha256: '0'.repeat(64), fileName: 'x.gem' };
  expect(await ask(inspect)).toEqual(refused('../'));
});

test.each([
  ['no name', {}],
  ['a platform that leads elsewhere', { name: 'x', version: '1.0', platform: 'x86/../../x' }],
  ['a version that leads elsewhere', { name: 'x', version: '1/../../x' }],
])('%s does not pass', async (_title, parts) => {
  expect(await ask(parts)).toEqual(refused('no gem can have the '));
});

test('names of another format are not known', async () => {
  expect(await ask({ format: 'wheel', name: 'x' })).toMatchObject({ status: 'error' });
});
