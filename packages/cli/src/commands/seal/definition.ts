import { reporterOptions, type Described } from '@tarwarden/guard/command-line';

export const definition = {
  name: 'seal',
  summary: 'seal a cache, and check it after CI has restored it',
  group: 'Archives',
  description: [
    '"write" lists every file, folder and link below a folder, with its hash, in a seal. "check" compares the folder with its seal: nothing may be added, missing or changed.',
    'The environment variable TARWARDEN_SEAL_KEY contains the key: a secret of at least 32 characters. Without this variable, the key of this machine is used. So only a job with the same key, or this machine, can write a seal that counts.',
    '"check" also accepts a folder that does not exist or is empty: a job without a cache has nothing to check.',
  ],
  examples: [
    'tarwarden seal write --for npm ~/.npm/_cacache',
    'tarwarden seal check --for npm --remove ~/.npm/_cacache',
  ],
  arguments: [
    { syntax: '<action>', description: 'the task', choices: ['write', 'check'] },
    {
      syntax: '<folder...>',
      complete: 'folders',
      description: 'the folders, each with its own seal',
    },
  ],
  options: {
    for: {
      value: 'name',
      description:
        'the use of the folder, such as the key of the CI cache. A seal for another use does not count',
    },
    file: {
      value: 'file',
      description:
        'keep the seal in this file outside the folder. By default, it is the file .tarwarden-seal in the folder',
    },
    remove: {
      description:
        'check: remove a folder that is not whole or could not be checked, and end with 0, so that the job continues without a cache',
    },
    ...reporterOptions('text', 'json'),
  },
  exitCodes: {
    '0': 'write: every folder was sealed. check: every folder is whole, empty or missing. With --remove: or it was removed',
    '1': 'check: a folder is not whole. Entries were added, changed or removed; or the seal is missing, was changed, or is for another key, use or folder. This code is used even if another folder could not be checked',
    '2': 'a folder could not be sealed, checked or removed: a file or folder could not be read, or changed meanwhile, or a limit was exceeded. Or the command line or the key is wrong',
  },
} as const satisfies Described;
