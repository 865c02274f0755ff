import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  Credentials,
  parseAuthOutput,
} from '../../../../../packages/guard/src/fetch/go/credentials.ts';
import {
  goAuthentication,
  parseGoAuth,
  splitQuoted,
} from '../../../../../packages/clients/src/go/goauth.ts';
import { parseNetrc } from '../../../../../packages/clients/src/shared/netrc.ts';
import { freshFolder } from '../../../../support/fresh-folder.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('~/.netrc', () => {
  it('is read as by go', () => {
    const text = [
      'machine a.org login one password secret',
      'machine b.org',
      '  login two',
      '  password other',
      'macdef x',
      'machine c.org login no password no',
      '',
      'machine d.org login four password p4 account ignored',
      'default login any password any',
      'machine e.org login late password late',
    ].join('\n');
    expect(parseNetrc(text).map(({ machine }) => machine)).toEqual([
      'a.org',
      'b.org',
      'd.org',
      'e.org',
    ]);
    expect(parseNetrc('machine a.org login x\ndefault\nmachine b.org login y password z')).toEqual(
      [],
    );
  });
});

describe('GOAUTH', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  freshFolder((made) => {
    folder = made;
    writeFileSync(join(folder, 'netrc'), 'machine a.org login me password secret\n');
    env = { PATH: process.env['PATH'], NETRC: join(folder, 'netrc') };
  });

  const asks = async (goauth: string, url: string): Promise<unknown> =>
    new Credentials(goAuthentication(goauth, env), env).for(new URL(url));

  it.each(['', 'netrc'])('%j reads ~/.netrc, for https and that host alone', async (goauth) => {
    expect(await asks(goauth, 'https://a.org/x/y')).toEqual({ authorization: basic('me:secret') });
    expect(await asks(goauth, 'http://a.org/x')).toEqual({});
    expect(await asks(goauth, 'https://b.org/x')).toEqual({});
    expect(await asks(goauth, 'https://a.org.b.org/x')).toEqual({});
    expect(await asks(goauth, 'https://a.org:8443/x')).toEqual({});
  });

  it('off reads nothing', async () => {
    expect(await asks('off', 'https://a.org/x')).toEqual({});
  });

  it('runs a command, and prefers what comes first', async () => {
    const command = join(folder, 'command.sh');
    writeFileSync(command, 'printf "https://a.org/x\\n\\nAuthorization: Bearer 1\\n\\n"\n');
    expect(await asks(`sh ${command};netrc`, 'https://a.org/x/y')).toEqual({
      authorization: 'Bearer 1',
    });
    expect(await asks(`sh ${command};netrc`, 'https://a.org/z')).toEqual({
      authorization: basic('me:secret'),
    });
    expect(await asks('false', 'https://a.org/x')).toEqual({});
  });

  it('splits words as go does: quotes count at the beginning of a word', () => {
    expect(splitQuoted(`sh "a b"  'c"d'`)).toEqual(['sh', 'a b', 'c"d']);
    expect(splitQuoted(`a"b c" "" 'x'y`)).toEqual(['a"b', 'c"', '', 'x', 'y']);
    expect(splitQuoted('a "b\\\\"c"')).toEqual(['a', 'b\\\\', 'c"']);
    expect(splitQuoted('a "b')).toBeUndefined();
    expect(parseGoAuth('a "b; netrc')).toEqual([{ kind: 'netrc' }]);
  });

  it.each([
    ['netrc;', 'empty command'],
    [';', 'empty command'],
    ['netrc; off', '"off" beside'],
    ['git', 'absolute path'],
    ['git .', 'absolute path'],
    ['git /tmp more', 'absolute path'],
    ['git "/tmp"', 'absolute path'],
    ['git /nowhere/at/all', 'is not a folder'],
  ])('%j ends with an error, as in go', async (goauth, text) => {
    await expect(asks(goauth, 'https://a.org/x')).rejects.toThrow(text);
    expect(await asks(goauth, 'http://a.org/x')).toEqual({});
  });

  it('hands a command the answer that was refused', async () => {
    const command = join(folder, 'command.sh');
    writeFileSync(
      command,
      `read -r line; [ -z "$1" ] || printf "%s\\n\\nX-Line: %s\\n\\n" "$1" "$line"\n`,
    );
    const credentials = new Credentials(goAuthentication(`sh ${command}`, env), env);
    const challenge = { url: 'https://a.org/x', status: 401, reason: 'Unauthorized', headers: {} };
    expect(await credentials.after(challenge)).toEqual({ 'x-line': 'HTTP/1.1 401 Unauthorized' });
  });

  it.each(['https://a.org\n', 'https://a.org\n\nbad header\n\n', 'x'])(
    'passes over what is not in order: %j',
    (text) => {
      expect(() => parseAuthOutput(text)).toThrow();
    },
  );
});
