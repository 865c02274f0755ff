import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { netrcFor } from '../../../../packages/audit/src/ecosystems/authorization.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let home: string;
freshFolder((made) => (home = made));

const sentTo = (url: string): string | undefined => netrcFor(new URL(url), { HOME: home });

describe("an entry of the user's netrc", () => {
  it('goes to its host, by https at the usual port', () => {
    writeFileSync(join(home, '.netrc'), '# mine\nmachine a.test login me password pw\n');
    expect(sentTo('https://a.test/x')).toBe(`Basic ${Buffer.from('me:pw').toString('base64')}`);
    for (const url of ['http://a.test/', 'https://a.test:8443/', 'https://x.a.test/'])
      expect(sentTo(url)).toBeUndefined();
  });

  it('for all hosts goes to none, since a lockfile may name any', () => {
    writeFileSync(join(home, '.netrc'), 'default login me password secret\n');
    expect(sentTo('https://a.test/')).toBeUndefined();
    expect(sentTo('https://default/')).toBeUndefined();
  });
});
