/* The file of people: who has which role, and what is wrong with a file. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  parsePeople,
  PeopleFileError,
} from '../../../../packages/server/src/people/people-file.ts';

const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');
const entry = (more: string): string => `- { name: ada, role: reader, ${more} }\n`;

describe('a file of people', () => {
  it('gives roles, tokens and private packages', () => {
    const text = `
- name: ada
  role: approver
  sha256: ${sha256('a')}
  private: ['@acme/*']
- { name: bob@example.com, role: requester }
`;
    expect(parsePeople(text)).toEqual([
      { name: 'ada', role: 'approver', sha256: sha256('a'), private: ['@acme/*'] },
      { name: 'bob@example.com', role: 'requester', private: [] },
    ]);
  });

  it('may have several tokens of one person, and nobody at all', () => {
    const two = ['a', 'b'].map((token) => entry(`sha256: ${sha256(token)}`)).join('');
    expect(parsePeople(two)).toHaveLength(2);
    expect(parsePeople('[]')).toEqual([]);
  });

  it.each([
    ['', 'expected a list'],
    ['people: []', 'expected a list'],
    ['- ada', 'entry 1: expected a name and a role'],
    ['- { role: reader }', 'entry 1: "name"'],
    ['- { name: ada, role: admin }', 'entry 1: "role" must be reader, requester or approver'],
    ['- { name: ada, role: approver, sha256: abc }', 'entry 1: "sha256"'],
    [entry('token: secret'), 'entry 1: unknown key "token"'],
    [entry('private: "@acme/*"'), 'entry 1: "private"'],
    [entry('private: ["@a*e/x"]'), 'entry 1: "private"'],
    ['- { name: "a\\u202eb", role: reader }', 'entry 1: "name"'],
    ['- { name: "registry:ada", role: approver }', 'entry 1: "name"'],
    ['- { name: " ada", role: approver }', 'entry 1: "name"'],
    ['- { name: 5, role: approver }', 'entry 1: "name"'],
    ['- &a { name: ada, role: reader }\n- *a', 'aliases'],
    ['- { name: ada, name: bob, role: reader }', 'line 1: DUPLICATE_KEY'],
    ['- { name: ada\n- x', 'line 2: '],
  ])('is refused with the reason: %j', (text, reason) => {
    expect(() => parsePeople(text)).toThrow(PeopleFileError);
    expect(() => parsePeople(text)).toThrow(reason);
  });

  it('is refused if two people have one token, without repeating it', () => {
    const digest = sha256('same');
    const text = `- { name: ada, role: approver, sha256: ${digest} }\n- { name: bob, role: reader, sha256: ${digest} }\n`;
    expect(() => parsePeople(text)).toThrow('"bob" has the same token as "ada"');
    expect(() => parsePeople(text)).not.toThrow(digest);
  });

  it('does not repeat what was written by mistake', () => {
    const mistakes = [
      '- { name: ada, role: reader, sha256: my-secret-token }',
      '- [my-secret-token',
    ];
    for (const text of mistakes) {
      expect(() => parsePeople(text)).toThrow(PeopleFileError);
      expect(() => parsePeople(text)).not.toThrow('my-secret-token');
    }
  });
});
