import type { ReaderRule } from '../rule.ts';
import { readerRule } from '../table-rows.ts';

export const zipRules: readonly ReaderRule[] = [
  readerRule(['containers/zip/entry-data.ts'], {
    id: 'zip-checksum',
    level: 'error',
    summary: 'The checksum of a zip entry is wrong',
    advice: {
      forUsers:
        'Delete the file and fetch it again: its content was changed after it was packed, or the disk fails. If it is committed to the repository, look at who changed it last.',
    },
  }),
  readerRule(['containers/zip/entry-data.ts', 'containers/zip/reader.ts'], {
    id: 'zip-corrupt',
    level: 'error',
    stopsReading: true,
    summary: 'The content of a zip entry cannot be unpacked to what its header says',
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
        'Delete the file and fetch it again: it is cut short, or was put together so that programs find different files in it. If it is committed to the repository, find out by what.',
    },
  }),
  readerRule(['containers/zip/places.ts'], {
    id: 'zip-gap',
    level: 'error',
    summary: 'Bytes of the zip belong to no entry',
    advice: {
      forUsers:
        'Do not use the file: bytes were put between its entries that no listing shows. Delete it, install again, and find out who wrote or committed it.',
    },
  }),
  readerRule(['containers/zip/reader.ts'], {
    id: 'zip-header-mismatch',
    level: 'error',
    stopsReading: true,
    summary: 'The two headers of a zip entry contradict each other',
    advice: {
      forUsers:
        'Do not use the file: what a listing shows is not what another reader unpacks. Delete it, install again, and find out who wrote or committed it.',
    },
  }),
  readerRule(['containers/zip/places.ts'], {
    id: 'zip-overlap',
    level: 'error',
    summary: 'Entries of the zip share the same bytes',
    advice: {
      forUsers:
        'Do not use the file: one piece of data was made to serve as several files. Delete it, install again, and find out who wrote or committed it.',
    },
  }),
  readerRule(['containers/zip/end-record.ts'], {
    id: 'zip-trailing-bytes',
    level: 'error',
    summary: 'Bytes follow the end of the zip',
    advice: {
      forUsers:
        'Do not use the file: something was appended to it, perhaps a second archive. Delete it, fetch it again, and find out what writes to it.',
    },
  }),
  readerRule(['containers/zip/types.ts'], {
    id: 'zip-type-mismatch',
    level: 'error',
    summary: 'The path and the mode of a zip entry say different types',
    advice: {
      forUsers:
        'Do not use the file: an entry is a folder to some readers and a file to others. Delete it, install again, and find out who wrote or committed it.',
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
          'Delete the file and get it from where it was made: another program wrote it than the ones that make such files. If a tool of yours packs it anew, keep it as it was.',
      },
    },
  ),
  readerRule(['containers/zip/end-record.ts'], {
    id: 'zip-comment',
    level: 'note',
    summary: 'The zip has a comment',
    advice: {
      forUsers: 'Nothing to do: `git archive` writes the commit there, and no installer reads it.',
    },
  }),
  readerRule(['containers/zip/reader.ts'], {
    id: 'zip-data-descriptor',
    level: 'warning',
    summary: 'The sizes of a zip entry come behind its data',
    advice: {
      forUsers:
        'Nothing to do at once: the sizes are right, but programs that read the file from its start have to guess where an entry ends, so PyPI takes no such file today.',
    },
  }),
  readerRule(['containers/zip/header-checks.ts'], {
    id: 'zip-entry-comment',
    level: 'warning',
    summary: 'An entry of the zip has a comment',
    advice: {
      forUsers:
        'Nothing to do at once: no installer reads it. Packaging tools write none, and PyPI takes no such file today, so ask the publisher what made it.',
      elsewhere: {
        go: {
          forUsers:
            'Nothing to do at once: go does not read it. go writes none itself, so ask whoever runs the proxy what made the zip.',
        },
      },
    },
  }),
  readerRule(['containers/zip/extra-fields.ts'], {
    id: 'zip-extra-field',
    level: 'error',
    summary: 'An extra field of a zip entry is broken, or makes something else of it',
    advice: {
      forUsers:
        'Do not use the file: by such a field some programs give the entry another name, size or type than others. Delete it, fetch it again, and find out who wrote it.',
    },
  }),
  readerRule(['containers/zip/header-checks.ts'], {
    id: 'zip-name-encoding',
    level: 'error',
    summary: 'The name of a zip entry is another one in each encoding',
    advice: {
      forUsers:
        'Do not use the file: programs read the name as UTF-8, as the code page of DOS or as that of your system, and write to different paths. Ask the publisher to pack it with UTF-8 names.',
    },
  }),
  readerRule(['containers/zip/extra-fields.ts'], {
    id: 'zip-unknown-extra-field',
    level: 'note',
    summary: 'A zip entry has an extra field that is not known here',
    advice: {
      forUsers: 'Nothing to do: extractors pass over extra fields that they do not know.',
    },
  }),
  readerRule(['containers/zip/extra-fields.ts'], {
    id: 'zip-single-size',
    level: 'note',
    summary: 'The zip64 field before the data of a zip entry has one size instead of two',
    advice: {
      forUsers:
        'Nothing to do: most extractors take the size that is there, and strict ones stop with an error.',
    },
  }),
];
