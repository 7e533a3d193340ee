declare const Diff: {
  diffWordsWithSpace(one: string, other: string): { value: string; added?: boolean; removed?: boolean }[];
};
export default Diff;
