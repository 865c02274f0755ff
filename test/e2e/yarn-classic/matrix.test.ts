import { matrix } from './matrix.ts';

matrix('yarn-1');
