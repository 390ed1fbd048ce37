import { scenarios } from "../../support/scenario";

scenarios(
  "A part of a grant that is withdrawn",
  `
  is taken, and the grant lives on             | grant plan 5 / void plan 2 -> VOID 2, moves plan available>voided 2, plan 3 / spend 3 -> SPEND 3
  is all that is left when that is less        | grant plan 5 / spend 4 / void plan 3 -> VOID 1, plan voided 1 consumed 4 available 0
  is taken of what is to come, too             | grant plan 5 from 3d / void plan 2 -> VOID 2, moves plan pending>voided 2, pending 3 / at 3d -> ACTIVATE 3, plan 3
  is not taken of what is held                 | grant plan 5 / hold 4 lasting PT1H / void plan 3 -> VOID 1, plan held 4 voided 1 / release hold -> RELEASE 4, plan 4 voided 1
  where all is held there is none              | grant plan 5 / hold 5 lasting PT1H / void plan 1 -> refused GRANT_NOT_ELIGIBLE reason NOTHING_LEFT, nothing
  where all was spent there is none            | grant plan 5 / spend 5 / void plan 1 -> refused GRANT_NOT_ELIGIBLE reason NOTHING_LEFT, nothing
  of an ended grant there is none              | grant plan 5 until 3d / at 3d void plan 1 -> refused GRANT_NOT_ELIGIBLE reason EXPIRED, plan expired 5
  of a voided grant there is none              | grant plan 5 / void plan / void plan 1 -> refused GRANT_NOT_ELIGIBLE reason VOIDED, nothing
  of a limit there is none: that is set anew   | overdraft 5 / void overdraft 1 -> refused GRANT_NOT_ELIGIBLE reason NOTHING_LEFT, nothing
  can be taken again, up to the whole          | grant plan 5 / void plan 2 / void plan 2 -> plan voided 4 / void plan 2 -> VOID 1, plan voided 5
  depletes when it is the last                 | grant plan 5 / void plan 5 -> depleted
  `,
);
