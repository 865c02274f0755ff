/* A part of the odd answers, other ones to each thing that a gateway asks for: all of them are in `odd-answers.slow.test.ts`. */
import { testOddAnswers } from './odd-answers.ts';

const ONE_OF = 4;

testOddAnswers((answer, target, targets) => answer % (ONE_OF * targets) === target);
