import type { ReaderRule } from '../rule.ts';
import { readerRule, STOPS, withCodes } from '../table-rows.ts';

const damaged = withCodes({
  id: 'zip-damaged',
  level: 'error',
  summary: 'The zip is damaged or incomplete',
  advice: {
    forUsers:
      'Delete the file and download it again: it was damaged on its way, or somebody changed it. If it is committed to the repository, look whether a git filter (LFS, line endings) or someone rewrote it.',
  },
});

const strayBytes = withCodes({
  id: 'zip-stray-bytes',
  level: 'error',
  summary: 'Bytes of the zip belong to no entry, or to several',
  advice: {
    forUsers:
      'Do not use the file: it contains data that no listing shows, perhaps a second archive. Delete it, download it again, and find out who wrote or committed it.',
  },
});

const ambiguousEntry = withCodes({
  id: 'zip-ambiguous-entry',
  level: 'error',
  summary: 'Programs read different names, sizes or types of a zip entry',
  advice: {
    forUsers:
      'Do not use the file: a listing shows other files than some programs unpack. Delete it, download it again, and find out who wrote or committed it. Publishers pack with UTF-8 names.',
  },
});

const oldForm = withCodes({
  id: 'zip-old-form',
  level: 'warning',
  summary: 'A zip entry has a form that packaging tools do not write',
  advice: {
    forUsers:
      'You need not do anything at once: installers read it alike. PyPI no longer accepts such files, so ask the publisher which tool made it.',
    elsewhere: {
      go: {
        forUsers:
          'You need not do anything at once: go reads it like other tools. go writes no such zip itself, so ask the people who run the proxy which tool made it.',
      },
    },
  },
});

const unusualField = withCodes({
  id: 'zip-unusual-field',
  level: 'note',
  summary: 'The zip has a comment or a field that few writers use',
  advice: {
    forUsers:
      'You need not do anything: extractors skip it. `git archive` writes the commit into the comment, and only strict extractors stop at a single size.',
  },
});

export const zipRules: readonly ReaderRule[] = [
  readerRule(
    ['containers/zip/entry-data.ts'],
    damaged('zip-checksum', 'The checksum of a zip entry is wrong'),
  ),
  readerRule(
    ['containers/zip/entry-data.ts', 'containers/zip/reader.ts'],
    damaged(
      'zip-corrupt',
      'The content of a zip entry does not unpack to the size that its header states',
      STOPS,
    ),
  ),
  readerRule(
    ['containers/zip/directory.ts', 'containers/zip/end-record.ts'],
    damaged(
      'zip-end-record',
      'The end record of the zip is missing, or does not fit the archive',
      STOPS,
    ),
  ),
  readerRule(
    ['containers/zip/places.ts'],
    strayBytes('zip-gap', 'Bytes of the zip belong to no entry'),
  ),
  readerRule(
    ['containers/zip/reader.ts'],
    ambiguousEntry(
      'zip-header-mismatch',
      'The two headers of a zip entry contradict each other',
      STOPS,
    ),
  ),
  readerRule(
    ['containers/zip/places.ts'],
    strayBytes('zip-overlap', 'Entries of the zip share the same bytes'),
  ),
  readerRule(
    ['containers/zip/end-record.ts'],
    strayBytes('zip-trailing-bytes', 'Bytes follow the end of the zip'),
  ),
  readerRule(
    ['containers/zip/types.ts'],
    ambiguousEntry(
      'zip-type-mismatch',
      'The path and the mode of a zip entry state different types',
    ),
  ),
  readerRule(
    ['containers/zip/end-record.ts', 'containers/zip/header-checks.ts', 'containers/zip/reader.ts'],
    {
      id: 'zip-unsupported',
      level: 'error',
      stopsReading: true,
      summary: 'The zip uses a feature that writers of such archives never use',
      advice: {
        forUsers:
          'Delete the file and get the original: the usual programs do not write such a zip. If a tool of yours repacks it, keep the original file.',
      },
    },
  ),
  readerRule(
    ['containers/zip/end-record.ts'],
    unusualField('zip-comment', 'The zip has a comment'),
  ),
  readerRule(
    ['containers/zip/reader.ts'],
    oldForm('zip-data-descriptor', 'The sizes of a zip entry come after its data'),
  ),
  readerRule(
    ['containers/zip/header-checks.ts'],
    oldForm('zip-entry-comment', 'An entry of the zip has a comment'),
  ),
  readerRule(
    ['containers/zip/extra-fields.ts'],
    ambiguousEntry(
      'zip-extra-field',
      'An extra field of a zip entry is broken, or gives the entry another name, size or type',
    ),
  ),
  readerRule(
    ['containers/zip/header-checks.ts'],
    ambiguousEntry(
      'zip-name-encoding',
      'The name of a zip entry differs with the encoding in which a program reads it',
    ),
  ),
  readerRule(
    ['containers/zip/extra-fields.ts'],
    unusualField(
      'zip-unknown-extra-field',
      'A zip entry has an extra field that is not known here',
    ),
  ),
  readerRule(
    ['containers/zip/extra-fields.ts'],
    unusualField(
      'zip-single-size',
      'The zip64 field before the data of a zip entry has one size instead of two',
    ),
  ),
];
