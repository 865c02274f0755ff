import type { ReaderRule } from '../rule.ts';
import { advice, readerRules } from '../table-rows.ts';

export const zipRules: readonly ReaderRule[] = [
  ...readerRules({
    id: 'zip-damaged',
    level: 'error',
    summary: 'The zip is damaged or incomplete',
    advice: advice(
      'Delete the file and download it again: it was damaged on its way, or somebody changed it. If it is committed to the repository, look whether a git filter (LFS, line endings) or someone rewrote it.',
    ),
    problems: {
      'zip-checksum': 'The checksum of a zip entry is wrong',
      'zip-corrupt':
        'The content of a zip entry does not unpack to the size that its header states',
      'zip-end-record': 'The end record of the zip is missing, or does not fit the archive',
    },
    stopsAt: ['zip-corrupt', 'zip-end-record'],
  }),
  ...readerRules({
    id: 'zip-stray-bytes',
    level: 'error',
    summary: 'Bytes of the zip belong to no entry, or to several',
    advice: advice(
      'Do not use the file: it contains data that no listing shows, perhaps a second archive. Delete it, download it again, and find out who wrote or committed it.',
    ),
    problems: {
      'zip-gap': 'Bytes of the zip belong to no entry',
      'zip-overlap': 'Entries of the zip share the same bytes',
      'zip-trailing-bytes': 'Bytes follow the end of the zip',
    },
  }),
  ...readerRules({
    id: 'zip-ambiguous-entry',
    level: 'error',
    summary: 'Programs read different names, sizes or types of a zip entry',
    advice: advice(
      'Do not use the file: a listing shows other files than some programs unpack. Delete it, download it again, and find out who wrote or committed it. Publishers pack with UTF-8 names.',
    ),
    problems: {
      'zip-header-mismatch': 'The two headers of a zip entry contradict each other',
      'zip-type-mismatch': 'The path and the mode of a zip entry state different types',
      'zip-extra-field':
        'An extra field of a zip entry is broken, or gives the entry another name, size or type',
      'zip-name-encoding':
        'The name of a zip entry differs with the encoding in which a program reads it',
    },
    stopsAt: ['zip-header-mismatch'],
  }),
  {
    id: 'zip-unsupported',
    level: 'error',
    stopsReading: true,
    summary: 'The zip uses a feature that writers of such archives never use',
    advice: advice(
      'Delete the file and get the original: the usual programs do not write such a zip. If a tool of yours repacks it, keep the original file.',
    ),
  },
  ...readerRules({
    id: 'zip-unusual-field',
    level: 'note',
    summary: 'The zip has a comment or a field that few writers use',
    advice: advice(
      'You need not do anything: extractors skip it. `git archive` writes the commit into the comment, and only strict extractors stop at a single size.',
    ),
    problems: {
      'zip-comment': 'The zip has a comment',
      'zip-unknown-extra-field': 'A zip entry has an extra field that is not known here',
      'zip-single-size':
        'The zip64 field before the data of a zip entry has one size instead of two',
    },
  }),
  ...readerRules({
    id: 'zip-old-form',
    level: 'warning',
    summary: 'A zip entry has a form that packaging tools do not write',
    advice: advice(
      'You need not do anything at once: installers read it alike. PyPI no longer accepts such files, so ask the publisher which tool made it.',
      undefined,
      {
        go: advice(
          'You need not do anything at once: go reads it like other tools. go writes no such zip itself, so ask the people who run the proxy which tool made it.',
        ),
      },
    ),
    problems: {
      'zip-data-descriptor': 'The sizes of a zip entry come after its data',
      'zip-entry-comment': 'An entry of the zip has a comment',
    },
  }),
];
