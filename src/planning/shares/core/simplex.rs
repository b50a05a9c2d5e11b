//! The least cost of few free numbers under many conditions: a linear programme in whole numbers, with its proof.
//!
//! Simplex method on the dual (a column for each condition), the inverse of the basis kept as whole numbers over its determinant
//! (Edmonds 1967; Bareiss 1968): nothing is rounded. The steepest column enters, the first one while steps are degenerate (Bland
//! 1977), so it ends. Limits: with conditions of 0, 1 and -1 in up to 13 numbers determinants stay below 2·10^4 (Hadamard); 128 bits are ample.

/// `coefficients · x >= least`.
pub(super) struct Row {
    pub(super) coefficients: Vec<i128>,
    pub(super) least: i128,
}

/// A best answer; `x` and `weights` are over `denominator`.
pub(super) struct Optimum {
    pub(super) x: Vec<i128>,
    /// Row and weight, above 0: the weighted rows add up to the cost, their limits to the optimum.
    pub(super) weights: Vec<(usize, i128)>,
    /// Above 0.
    pub(super) denominator: i128,
}

impl Optimum {
    /// Is this the answer? No x costs less than the weighted limits, and this one costs no more.
    fn is_proven(&self, rows: &[Row], cost: &[i128]) -> bool {
        let mut combined = vec![0; cost.len()];
        let mut limit = 0;
        for &(row, weight) in &self.weights {
            limit += weight * rows[row].least;
            for (sum, coefficient) in combined.iter_mut().zip(&rows[row].coefficients) {
                *sum += weight * coefficient;
            }
        }
        self.denominator > 0
            && self.weights.iter().all(|(_, weight)| *weight > 0)
            && combined.iter().zip(cost).all(|(sum, cost)| *sum == cost * self.denominator)
            && limit == dot(cost, &self.x)
            && rows.iter().all(|row| dot(&row.coefficients, &self.x) >= row.least * self.denominator)
    }
}

/// The x of least `cost`, proven. `start` names as many rows as there are numbers, independent, of which the cost is a combination
/// with weights of 0 or more. `None`: no x satisfies all rows.
pub(super) fn minimise(rows: &[Row], cost: &[i128], start: &[usize]) -> Option<Optimum> {
    let mut basis = Basis::new(rows, cost.len(), start)?;
    let mut careful = false;
    loop {
        let weights: Vec<i128> = basis.inverse.iter().map(|line| dot(line, cost)).collect();
        let x = basis.prices(rows);
        let short = |row: &Row| row.least * basis.determinant - dot(&row.coefficients, &x);
        let mut entering = rows.iter().map(short).enumerate().filter(|(_, short)| *short > 0);
        let chosen = if careful {
            entering.next()
        } else {
            entering.max_by_key(|&(row, short)| (short, std::cmp::Reverse(row)))
        };
        let Some((row, _)) = chosen else {
            let kept = basis.rows.iter().copied().zip(weights).filter(|(_, weight)| *weight != 0).collect();
            let optimum = Optimum { x, weights: kept, denominator: basis.determinant };
            return optimum.is_proven(rows, cost).then_some(optimum);
        };
        let column = basis.column(&rows[row]);
        // Whose weight is used up first; of equals the first row.
        let mut leaving: Option<usize> = None;
        for at in (0..column.len()).filter(|&at| column[at] > 0) {
            let sooner = |than: usize| {
                let (own, other) = (weights[at] * column[than], weights[than] * column[at]);
                own < other || own == other && basis.rows[at] < basis.rows[than]
            };
            if leaving.is_none_or(sooner) {
                leaving = Some(at);
            }
        }
        let leaving = leaving?;
        careful = weights[leaving] == 0;
        basis.exchange(leaving, row, &column);
    }
}

/// The rows that hold with equality.
struct Basis {
    rows: Vec<usize>,
    /// Inverse of the matrix that has these rows as columns, times the determinant.
    inverse: Vec<Vec<i128>>,
    determinant: i128,
}

impl Basis {
    fn new(rows: &[Row], size: usize, start: &[usize]) -> Option<Self> {
        let unit = |at| (0..size).map(|other| i128::from(at == other)).collect();
        let mut basis = Self { rows: vec![usize::MAX; size], inverse: (0..size).map(unit).collect(), determinant: 1 };
        for &row in start {
            let column = basis.column(rows.get(row)?);
            let at = (0..size).find(|&at| basis.rows[at] == usize::MAX && column[at] != 0)?;
            basis.exchange(at, row, &column);
        }
        if basis.determinant < 0 {
            basis.determinant = -basis.determinant;
            basis.inverse.iter_mut().flatten().for_each(|entry| *entry = -*entry);
        }
        Some(basis)
    }

    fn column(&self, row: &Row) -> Vec<i128> {
        self.inverse.iter().map(|line| dot(line, &row.coefficients)).collect()
    }

    /// The x at which the rows hold with equality, times the determinant.
    fn prices(&self, rows: &[Row]) -> Vec<i128> {
        let mut x = vec![0; self.rows.len()];
        for (line, &row) in self.inverse.iter().zip(&self.rows) {
            for (sum, entry) in x.iter_mut().zip(line) {
                *sum += entry * rows[row].least;
            }
        }
        x
    }

    fn exchange(&mut self, at: usize, row: usize, column: &[i128]) {
        let pivot = self.inverse[at].clone();
        for (line, &factor) in self.inverse.iter_mut().zip(column) {
            for (entry, from) in line.iter_mut().zip(&pivot) {
                // Divides without remainder: both are minors of the same matrix.
                *entry = (column[at] * *entry - factor * from) / self.determinant;
            }
        }
        self.inverse[at] = pivot;
        self.determinant = column[at];
        self.rows[at] = row;
    }
}

fn dot(a: &[i128], b: &[i128]) -> i128 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
