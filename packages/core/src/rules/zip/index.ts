import type { ReaderRule } from '../rule.ts';
import { readerRule } from '../table-rows.ts';

export const zipRules: readonly ReaderRule[] = [
  readerRule(['containers/zip/entry-data.ts'], {
    id: 'zip-checksum',
    level: 'error',
    summary: 'The checksum of a zip entry is wrong',
    advice: {
      forUsers:
        'Delete the file and download it again: its content was changed after it was packed, or the disk fails. If it is committed to the repository, look at who changed it last.',
    },
  }),
  readerRule(['containers/zip/entry-data.ts', 'containers/zip/reader.ts'], {
    id: 'zip-corrupt',
    level: 'error',
    stopsReading: true,
    summary: 'The content of a zip entry does not unpack to the size that its header states',
    advice: {
      forUsers:
        'Delete the file and install again: it was damaged on its way. If it is committed to the repository, look whether a git filter (LFS, line endings) or someone rewrote it.',
    },
  }),
  readerRule(['containers/zip/directory.ts', 'containers/zip/end-record.ts'], {
    id: 'zip-end-record',
    level: 'error',
    stopsReading: true,
    summary: 'The end record of the zip is missing, or does not fit the archive',
    advice: {
      forUsers:
        'Delete the file and download it again: it is incomplete, or somebody built it so that programs find different files in it. If it is committed to the repository, find out who changed it.',
    },
  }),
  readerRule(['containers/zip/places.ts'], {
    id: 'zip-gap',
    level: 'error',
    summary: 'Bytes of the zip belong to no entry',
    advice: {
      forUsers:
        'Do not use the file: it contains bytes between its entries that no listing shows. Delete it, install again, and find out who wrote or committed it.',
    },
  }),
  readerRule(['containers/zip/reader.ts'], {
    id: 'zip-header-mismatch',
    level: 'error',
    stopsReading: true,
    summary: 'The two headers of a zip entry contradict each other',
    advice: {
      forUsers:
        'Do not use the file: a listing shows other files than some programs unpack. Delete it, install again, and find out who wrote or committed it.',
    },
  }),
  readerRule(['containers/zip/places.ts'], {
    id: 'zip-overlap',
    level: 'error',
    summary: 'Entries of the zip share the same bytes',
    advice: {
      forUsers:
        'Do not use the file: several files share one piece of data, which no ordinary tool writes. Delete it, install again, and find out who wrote or committed it.',
    },
  }),
  readerRule(['containers/zip/end-record.ts'], {
    id: 'zip-trailing-bytes',
    level: 'error',
    summary: 'Bytes follow the end of the zip',
    advice: {
      forUsers:
        'Do not use the file: something was appended to it, perhaps a second archive. Delete it, download it again, and find out what writes to it.',
    },
  }),
  readerRule(['containers/zip/types.ts'], {
    id: 'zip-type-mismatch',
    level: 'error',
    summary: 'The path and the mode of a zip entry state different types',
    advice: {
      forUsers:
        'Do not use the file: some programs treat the entry as a folder and others as a file. Delete it, install again, and find out who wrote or committed it.',
    },
  }),
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
  readerRule(['containers/zip/end-record.ts'], {
    id: 'zip-comment',
    level: 'note',
    summary: 'The zip has a comment',
    advice: {
      forUsers:
        'You need not do anything: `git archive` writes the commit there, and no installer reads it.',
    },
  }),
  readerRule(['containers/zip/reader.ts'], {
    id: 'zip-data-descriptor',
    level: 'warning',
    summary: 'The sizes of a zip entry come after its data',
    advice: {
      forUsers:
        'You need not do anything at once: the sizes are right, but programs that read the file from its start have to guess where an entry ends, so PyPI no longer accepts such files.',
    },
  }),
  readerRule(['containers/zip/header-checks.ts'], {
    id: 'zip-entry-comment',
    level: 'warning',
    summary: 'An entry of the zip has a comment',
    advice: {
      forUsers:
        'You need not do anything at once: no installer reads it. Packaging tools write no comments, and PyPI no longer accepts such files, so ask the publisher which tool made it.',
      elsewhere: {
        go: {
          forUsers:
            'You need not do anything at once: go does not read it. go writes none itself, so ask the people who run the proxy which tool made the zip.',
        },
      },
    },
  }),
  readerRule(['containers/zip/extra-fields.ts'], {
    id: 'zip-extra-field',
    level: 'error',
    summary:
      'An extra field of a zip entry is broken, or gives the entry another name, size or type',
    advice: {
      forUsers:
        'Do not use the file: because of such a field, programs give the entry different names, sizes or types. Delete it, download it again, and find out who wrote it.',
    },
  }),
  readerRule(['containers/zip/header-checks.ts'], {
    id: 'zip-name-encoding',
    level: 'error',
    summary: 'The name of a zip entry differs with the encoding in which a program reads it',
    advice: {
      forUsers:
        'Do not use the file: programs read the name in different encodings (UTF-8, DOS or that of your system), so they write to different paths. Ask the publisher to pack it with UTF-8 names.',
    },
  }),
  readerRule(['containers/zip/extra-fields.ts'], {
    id: 'zip-unknown-extra-field',
    level: 'note',
    summary: 'A zip entry has an extra field that is not known here',
    advice: {
      forUsers: 'You need not do anything: extractors skip extra fields that they do not know.',
    },
  }),
  readerRule(['containers/zip/extra-fields.ts'], {
    id: 'zip-single-size',
    level: 'note',
    summary: 'The zip64 field before the data of a zip entry has one size instead of two',
    advice: {
      forUsers:
        'You need not do anything: most extractors use the size that is there, and strict ones stop with an error.',
    },
  }),
];
