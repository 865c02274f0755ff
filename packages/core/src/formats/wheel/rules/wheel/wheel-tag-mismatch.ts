import { MAX_WHEEL_TAG_CHARS, MAX_WHEEL_TAGS } from '../../../../limits.ts';
import { headerValues } from '../../../../metadata/pypi/header-fields.ts';
import { parseWheelFileName, wheelTags } from '../../../../metadata/pypi/wheel-file-name.ts';
import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

/** Tags in a message. */
const SHOWN = 10;

/** Expands `py2.py3-none-any`, which some tools write as one tag. */
function expanded(tag: string): string[] {
  const [python = '', abi = '', platform = ''] = tag.split('-', 3);
  return [...wheelTags({ python, abi, platform })];
}

export const wheelTagMismatch: WheelRule = {
  kind: 'metadata',
  id: 'wheel-tag-mismatch',
  level: 'note',
  summary: 'The tags in WHEEL differ from those of the file name',
  advice: {
    forUsers:
      'You need not do anything at once: installers go by the file name. Someone renamed the file or retagged it without its tool, so ask the publisher which platforms it is for.',
    forPublishers: 'Use `wheel tags` to change tags, instead of renaming the file.',
  },
  check: ({ wheel }, report, { expected }) => {
    const parsed =
      expected.fileName === undefined ? undefined : parseWheelFileName(expected.fileName);
    if (parsed === undefined || wheel?.content === undefined) return;
    const tags = headerValues(wheel.content, 'tag').slice(0, MAX_WHEEL_TAGS);
    if (tags.some((tag) => tag.length > MAX_WHEEL_TAG_CHARS)) {
      report(`a tag has more than ${MAX_WHEEL_TAG_CHARS} characters`, wheel.entry);
      return;
    }
    const found = allOf(tags);
    const wanted = wheelTags(parsed);
    if (found.size !== wanted.size || [...wanted].some((tag) => !found.has(tag)))
      report(`${shown(found)}, the file name ${shown(wanted)}`, wheel.entry);
  },
};

/** Stops above the number of tags that a file name can have, since the two sets then differ anyway. */
function allOf(tags: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const tag of tags) {
    for (const plain of expanded(tag)) found.add(plain);
    if (found.size > MAX_WHEEL_TAGS) break;
  }
  return found;
}

function shown(tags: ReadonlySet<string>): string {
  return quote([...tags].slice(0, SHOWN).join(' '));
}
