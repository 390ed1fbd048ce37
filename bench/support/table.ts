import type { Row } from "./compare";

/** A table as text: the same for the screen and for Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

export function tableOf(rows: readonly Row[]): string {
  return table(
    ["what", "per second", "min-max", "p50 ms", "p99 ms", "CPU µs each", "ratio", "to reach"],
    rows.map((row) => [
      row.name,
      whole(row.rate),
      `${whole(row.rateMin)}-${whole(row.rateMax)}`,
      digits(row.p50),
      digits(row.p99),
      row.cpu === null ? "?" : whole(row.cpu),
      row.ratio === null ? "" : `${row.ratio.toFixed(2)} x ${row.to}`,
      row.reach === null ? "" : `${row.reach} x`,
    ]),
  );
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

export function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
