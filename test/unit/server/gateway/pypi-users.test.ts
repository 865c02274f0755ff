/* What users of an index of Python packages learn, and what the hosts of its files learn of them. */
import { describe, expect, it } from 'vitest';
import { startIndex, type IndexOptions, type SimpleIndex } from '../../../support/pip/index.ts';
import { wheelOf, type Dist } from '../../../support/pip/packages.ts';
import { closeWithTest, listening, startGateway, type Testing } from './support.ts';

const clean = wheelOf({ name: 'clean' });
const evil = wheelOf({ name: 'evil', hostile: true });

let index: SimpleIndex;
let testing: Testing;

async function begin(options: Partial<IndexOptions>): Promise<void> {
  index = await startIndex({ dists: [clean, evil], ...options });
  closeWithTest(() => index.close());
  testing = await startGateway(`http://${new URL(index.url).host}/simple/`, { ecosystem: 'pypi' });
}

const fileOf = ({ project, fileName }: Dist): string => `/files/${project}/${fileName}`;

describe('users', () => {
  it('have what the index gives them, and not what it gave others', async () => {
    await begin({ auth: { user: 'me', password: 'secret' } });
    const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    const mine = { headers: { authorization } };
    expect(await testing.ask('/simple/clean/', mine)).toMatchObject({ status: 200 });
    expect(await testing.ask(fileOf(clean), mine)).toMatchObject({ status: 200 });
    expect(await testing.ask(fileOf(evil), mine)).toMatchObject({ status: 403 });
    for (const target of ['/simple/clean/', fileOf(clean), fileOf(evil)])
      expect(await testing.ask(target)).toMatchObject({ status: 401 });
    expect(JSON.stringify(testing.log)).not.toContain(authorization.slice(6));
  });

  it('are not known to the host of the files', async () => {
    const seen: (string | undefined)[] = [];
    const files = await listening((request, response) => {
      seen.push(request.headers.authorization);
      response.setHeader('content-length', clean.bytes.length).end(clean.bytes);
    });
    const far = { ...clean, url: `${files.address}/${clean.fileName}` };
    await begin({ dists: [far] });
    await testing.close();
    const allowedHosts = [new URL(files.address).host];
    testing = await startGateway(index.url, { ecosystem: 'pypi', allowedHosts });
    const headers = { authorization: 'Basic x' };
    expect(await testing.ask(fileOf(far), { headers })).toMatchObject({ status: 200 });
    expect(seen).toEqual([undefined]);
  });
});
