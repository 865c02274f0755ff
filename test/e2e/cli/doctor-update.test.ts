/** `tarwarden doctor --update`, as it is built, with OSV on the loopback address. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Result } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import {
  published,
  serveOsv,
  type OsvAnswers,
  type OsvServer,
} from '../../unit/doctor/osv-server.ts';
import { makePlace } from './sandbox.ts';

const place = freshEach(() => makePlace());
let project: string;
let server: OsvServer | undefined;
beforeEach(() => {
  project = join(place.root, 'project');
  mkdirSync(join(project, '.git'), { recursive: true });
  mkdirSync(join(place.root, 'bin'));
  const packages = { '': {}, 'node_modules/tar': { version: '8.0.0' } };
  place.put(
    'project/package-lock.json',
    JSON.stringify({ name: 'project', version: '1.0.0', lockfileVersion: 3, packages }),
  );
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const env = (): NodeJS.ProcessEnv => ({
  PATH: join(place.root, 'bin'),
  XDG_CACHE_HOME: join(place.own, 'cache'),
  npm_config_fetch_retries: '0',
});
const doctor = async (...args: string[]): Promise<Result> =>
  place.run(['doctor', ...args], { env: env(), cwd: project });

async function updateFrom(answers: OsvAnswers): Promise<Result> {
  server = await serveOsv(answers);
  return doctor('--update-from', server.url);
}

const kept = (): string => join(place.own, 'cache/tarwarden/advisories/osv.json');

/** A record that is shipped, without versions. */
const SHIPPED = published('GHSA-vmf3-w455-68vh', { affected: [] });
const NEW = { packages: { 'npm/tar': [SHIPPED, published('GHSA-new1-new1-new1')] } };

it('finds a hole that was published since, also in later runs without network', async () => {
  expect(await doctor()).toMatchObject({ code: 0 });
  const first = await updateFrom(NEW);
  expect(first.stdout).toMatch(
    /^In the project: not classified yet: what reaches it is not known\n {2}tar 8\.0\.0 {2}package-lock\.json:1\n {4}medium {3}GHSA-new1-new1-new1\n {13}What GHSA-new1-new1-new1 does\n {4}what to do: upgrade tar to 9\.0\.0 or newer\n/,
  );
  expect(first.stdout).toMatch(
    /advisories of \d{4}-\d\d-\d\d, and OSV’s of \d{4}-\d\d-\d\d\nexit 1 because /,
  );
  expect(first.code).toBe(1);
  expect(server?.asked).toContain('npm/pnpm');
  expect(server?.asked).toContain('PyPI/pip');
  await server?.close();
  server = undefined;
  expect(await doctor()).toEqual(first);
  expect((await doctor('--fail-on', 'high')).code).toBe(0);
});

it('has it in every form of report', async () => {
  await updateFrom(NEW);
  const json = JSON.parse((await doctor('--reporter', 'json')).stdout) as { holes: unknown[] };
  expect(json).toMatchObject({ updated: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string });
  expect(json.holes).toMatchObject([{ reach: 'unclassified', kind: 'unclassified' }]);
  const sarif = JSON.parse((await doctor('--reporter', 'sarif')).stdout) as object;
  expect(sarif).toMatchObject({ runs: [{ results: [{ ruleId: 'GHSA-new1-new1-new1' }] }] });
  const vex = JSON.parse((await doctor('--reporter', 'openvex')).stdout) as object;
  expect(vex).toMatchObject({ statements: [{ status: 'affected' }] });
});

it('keeps a hole that a mirror calls mended, or withdrawn', async () => {
  place.put(
    'project/package-lock.json',
    readFileSync(join(project, 'package-lock.json'), 'utf8').replace('8.0.0', '7.5.15'),
  );
  const before = await doctor('--reporter', 'json');
  const ids = ({ stdout }: Result): string[] =>
    (JSON.parse(stdout) as { holes: { id: string }[] }).holes.map(({ id }) => id).toSorted();
  expect(ids(before)).toContain('GHSA-vmf3-w455-68vh');
  const nothing = [{ package: { ecosystem: 'npm', name: 'tar' }, versions: ['0.0.1'] }];
  await updateFrom({
    packages: {
      'npm/tar': ids(before).map((id) =>
        published(id, { affected: nothing, modified: '2099-01-01T00:00:00Z' }),
      ),
    },
  });
  expect(ids(await doctor('--reporter', 'json'))).toEqual(ids(before));
  await server?.close();
  await updateFrom({
    ids: Object.fromEntries(
      ids(before).map((id) => [id, published(id, { withdrawn: '2026-11-02T00:00:00Z' })]),
    ),
  });
  const after = await doctor('--reporter', 'json');
  expect(ids(after)).toEqual(ids(before));
  expect(after.stdout).toContain('its source has withdrawn it on 2026-11-02');
});

it.each<[string, OsvAnswers, RegExp]>([
  [
    'of a hostile id',
    { packages: { 'npm/tar': [published('../../../evil')] } },
    /has a record \.\.\/\.\.\/\.\.\/evil, which is not in OSV form$/m,
  ],
  [
    'of an answer that is cut',
    {
      otherwise: (_asked, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"vulns":[]}');
        response.destroy();
        return true;
      },
    },
    /cannot download http:\/\/127\.0\.0\.1:\d+\/v1\/query: /,
  ],
  [
    'of an answer that is too large',
    {
      otherwise: (_asked, response) => {
        response.writeHead(200, { 'content-length': '999999999' }).write('{');
        return true;
      },
    },
    /999999999 bytes are announced/,
  ],
  ['of a server that knows nothing', {}, /knows none of the shipped records$/m],
  [
    'of a redirect to http elsewhere',
    {
      otherwise: (_asked, response) => {
        response.writeHead(302, { location: 'http://example.com/v1/query' }).end();
        return true;
      },
    },
    /: 302/,
  ],
])('changes nothing because %s, and ends with 2', async (_title, answers, message) => {
  await updateFrom(NEW);
  await server?.close();
  const before = readFileSync(kept(), 'utf8');
  const { code, stdout, stderr } = await updateFrom(answers);
  expect(stderr).toMatch(/^tarwarden: the advisories were not updated, and are as before: /);
  expect(stderr).toMatch(message);
  expect([code, stdout]).toEqual([2, '']);
  expect(readFileSync(kept(), 'utf8')).toBe(before);
});

it('changes nothing where nobody answers', async () => {
  server = await serveOsv();
  const { url } = server;
  await server.close();
  server = undefined;
  const { code, stderr } = await doctor('--update-from', url);
  expect(stderr).toMatch(/ECONNREFUSED/);
  expect(code).toBe(2);
  expect(existsSync(kept())).toBe(false);
});

it.each(['http://osv.example.com', 'https://me:secret@osv.example.com', 'osv.example.com'])(
  'does not ask %s',
  async (url) => {
    const { code, stderr } = await doctor('--update-from', url);
    expect(stderr).toMatch(
      /^tarwarden: --update-from takes an https address without credentials\n/,
    );
    expect(stderr).not.toContain('secret');
    expect(code).toBe(2);
  },
);

it('says what is wrong with what an update has left', async () => {
  await updateFrom(NEW);
  writeFileSync(kept(), '{');
  const { code, stderr } = await doctor();
  expect(stderr).toMatch(
    /osv\.json is damaged: remove it, and run "tarwarden doctor --update" again/,
  );
  expect(code).toBe(2);
});

it('lets no settings of the project have a say', async () => {
  place.put('project/.npmrc', 'https-proxy=http://127.0.0.1:1\nproxy=http://127.0.0.1:1\n');
  expect((await updateFrom(NEW)).code).toBe(1);
});
