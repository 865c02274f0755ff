import { matrix } from './matrix.ts';

matrix('npm-11');
