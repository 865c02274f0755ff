/** What a guard refuses by itself: the inspector gives it the words, and lets nothing pass after it. */
import { describe, expect, it } from 'vitest';
import type { Refused } from '@tarwarden/guard';
import { ArchiveInspector } from '../../../../packages/pip-gem-hooks/src/service/archive-inspector.ts';
import { parseGuardQuestion } from '../../../../packages/pip-gem-hooks/src/service/protocol.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let root: string;
let refusals: Refused[];
let inspector: ArchiveInspector;
freshFolder((made) => {
  root = made;
  refusals = [];
  const env = { XDG_CONFIG_HOME: root, XDG_CACHE_HOME: root };
  inspector = new ArchiveInspector({ env, onRefusal: (refused) => refusals.push(refused) });
});

const parsed = (question: object): unknown =>
  parseGuardQuestion(JSON.stringify(question), () => true);

describe('a package that its guard has stopped', () => {
  const stopped = { label: 'prey', source: 'http://u:p@h/x', reason: 'it leads to\u001b /' };

  it('is refused in words that are safe to print', () => {
    expect(() => inspector.stop(stopped)).toThrow('it leads to\\x1b /');
    expect(refusals).toMatchObject([{ kind: 'not-inspected', subject: 'prey' }]);
    expect(refusals[0]?.block).not.toContain('u:p');
  });

  it('lets no folder pass after it', () => {
    expect(() => inspector.stop(stopped)).toThrow('prey');
    const source = { kind: 'folder', label: 'mine', source: 'file:///mine' };
    expect(() => inspector.takeSource(source)).toThrow('prey');
  });

  it('is read with a reason, and a source that may be absent', () => {
    const { source: _source, ...short } = stopped;
    expect(parsed({ ask: 'stopped', ...stopped })).toEqual({ ask: 'stopped', ...stopped });
    expect(parsed({ ask: 'stopped', ...short })).toEqual({ ask: 'stopped', ...short });
    expect(() => parsed({ ask: 'stopped', label: 'prey' })).toThrow('reason is missing');
  });
});

describe('a file on this machine', () => {
  const file = { kind: 'file', label: 'prey', source: 'file:///x.whl' };

  it('passes where the user chose it, and is refused where something else did', () => {
    expect(() => inspector.takeSource(file)).not.toThrow();
    const chosen = { ...file, chosenBy: 'the page http://h' };
    const why = 'it is a file on this machine, and chosen by the page http://h';
    expect(() => inspector.takeSource(chosen)).toThrow(why);
  });
});
