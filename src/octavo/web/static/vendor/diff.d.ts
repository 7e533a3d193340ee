type Change = { value: string[]; added?: boolean; removed?: boolean };
declare const Diff: {
  diffArrays(one: string[], other: string[], options?: { timeout?: number }): Change[] | undefined;
};
export default Diff;
