import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

const EXIT_CODES: Described['exitCodes'] = [
  ['1', 'the guard refused a package'],
  ['2', 'the command line of tarwarden is wrong'],
  ['97', 'tarwarden did not run pip: it cannot guard or confine this pip or the task'],
  ['98', 'pip ran without the guard'],
  ['127', 'there is no program of this name on the PATH'],
  ['other', 'the exit code of the program'],
];

const GUARD =
  'tarwarden inspects each wheel and each source archive before pip unpacks, builds or installs it. This includes packages that pip downloads to build another one. If the guard refuses a package, pip stops.';

export const pip: Described = {
  name: 'pip',
  summary: 'run pip with the guard',
  group: 'Package managers, guarded',
  description: [
    `Runs the real pip with the guard. ${GUARD}`,
    'tarwarden passes all arguments to pip unchanged. Before the command of pip, it accepts only options that pip has there. After a leading "--", it checks nothing.',
  ],
  usage: ['[--] [option...] <command> [argument...]'],
  examples: [
    'tarwarden pip install -r requirements.txt',
    'tarwarden pip --confine install -r requirements.txt',
    'tarwarden pip -- --help',
  ],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};

export const pip3: Described = {
  ...pip,
  name: 'pip3',
  summary: 'run pip3 with the guard',
  description: ['Does the same as "tarwarden pip", for the program pip3.'],
  examples: ['tarwarden pip3 install -r requirements.txt'],
};

export const python: Described = {
  name: 'python',
  summary: 'run Python with the guard in its pip',
  group: 'Package managers, guarded',
  description: [
    `Runs the real Python. The guard is in the pip of this Python ("python -m pip …") and of each Python that it starts. ${GUARD}`,
    'tarwarden passes all arguments to Python unchanged. A first --help prints this help; after a leading "--", Python gets it as well.',
  ],
  usage: ['[--] [option...] [-m module | file] [argument...]'],
  examples: ['tarwarden python -m pip install -r requirements.txt'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};

export const python3: Described = {
  ...python,
  name: 'python3',
  summary: 'run Python 3 with the guard in its pip',
  description: ['Does the same as "tarwarden python", for the program python3.'],
  examples: ['tarwarden python3 -m pip install -r requirements.txt'],
};
