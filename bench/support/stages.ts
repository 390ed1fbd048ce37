import { type Stage, setStage } from "./stage";

/** So many stages at once, the given one among them: for states of a database that are to be measured in turn. */
export async function withStages<T>(stage: Stage, count: number, work: (stages: readonly Stage[]) => Promise<T>): Promise<T> {
  const others: Stage[] = [];
  try {
    while (others.length < count - 1) others.push(await setStage());
    return await work([stage, ...others]);
  } finally {
    for (const other of others) await other.stop();
  }
}
