export { Chance } from "./chance.ts";
export {
  fractionOf,
  hexOf,
  namedRandom,
  pick,
  pickWeighted,
  type Random,
  seededRandom,
  shuffled,
} from "./random.ts";
