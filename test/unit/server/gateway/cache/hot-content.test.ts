import { expect, it } from 'vitest';
import { HotContent } from '../../../../../packages/server/src/gateway/cache/hot-content.ts';

it('counts content that clients still read, and removes what was not used for the longest time', () => {
  const hot = new HotContent(4);
  hot.add('a', Buffer.from('aa'));
  hot.add('b', Buffer.from('bb'));
  const read = hot.take('a')!;
  hot.add('c', Buffer.from('cc'));
  expect(hot.take('b')).toBeUndefined();
  hot.take('c')!;
  hot.add('d', Buffer.from('dd'));
  expect(hot.take('d')).toBeUndefined();
  hot.delete('a');
  hot.add('d', Buffer.from('dd'));
  expect(hot.take('d')).toBeUndefined();
  read.release();
  read.release();
  hot.add('d', Buffer.from('dd'));
  expect(hot.take('d')?.content.toString()).toBe('dd');
  expect(read.content.toString()).toBe('aa');
});
