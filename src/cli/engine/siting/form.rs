//! The two forms: OR-Library's capacitated p-medians, and a table of points.

use crate::domain::coordinates::{Local, Point};
use crate::intake::Source;

/// Points, each customer and candidate site; what they weigh, need, hold and cost.
#[derive(Debug)]
pub(super) struct Form {
    /// As in the file; else the row, from 0.
    pub(super) names: Vec<String>,
    pub(super) at: Vec<[f64; 2]>,
    pub(super) weights: Vec<f64>,
    pub(super) demands: Vec<f64>,
    pub(super) capacities: Option<Vec<f64>>,
    pub(super) prices: Option<Vec<f64>>,
    /// Sites to open, if the file says.
    pub(super) places: Option<usize>,
    /// Distances are whole, what follows the point is cut off.
    pub(super) whole: bool,
}

/// `number best`, `customers places capacity`, then `id x y demand` a row.
pub(super) fn pmedcap(source: &Source) -> Result<Form, String> {
    let text = String::from_utf8_lossy(&source.bytes);
    let mut words = text.split_whitespace().enumerate();
    let mut next = |what: &str| {
        let (at, word) = words.next().ok_or_else(|| format!("it ends before {what}"))?;
        let number = word.parse::<f64>().ok().filter(|number| number.is_finite() && number.abs() < 1e9);
        number.ok_or_else(|| format!("word {}: “{word}” is no number ({what})", at + 1))
    };
    next("the number of the instance")?;
    next("the best known cost")?;
    let customers = count(next("the number of customers")?, "customers")?;
    let places = count(next("the number of medians")?, "medians")?;
    let capacity = next("the capacity")?;
    if capacity < 0.0 {
        return Err(format!("the capacity is {capacity}; write 0 or more"));
    }
    let mut form = Form {
        names: Vec::new(),
        at: Vec::new(),
        weights: vec![1.0; customers],
        demands: Vec::new(),
        capacities: Some(vec![capacity; customers]),
        prices: None,
        places: Some(places),
        whole: true,
    };
    for customer in 1..=customers {
        let what = |cell: &str| format!("the {cell} of customer {customer}");
        form.names.push(next(&what("number"))?.to_string());
        form.at.push([next(&what("x"))?, next(&what("y"))?]);
        let demand = next(&what("demand"))?;
        if demand < 0.0 {
            return Err(format!("the demand of customer {customer} is {demand}; write 0 or more"));
        }
        form.demands.push(demand);
    }
    Ok(form)
}

/// A count of a header: it decides how much is reserved.
fn count(number: f64, what: &str) -> Result<usize, String> {
    if number.fract() == 0.0 && (1.0..=1e6).contains(&number) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, from 1 to a million")]
        return Ok(number as usize);
    }
    Err(format!("{number} {what}: a whole number from 1 to 1000000 is needed"))
}

/// A CSV with a header: `x,y` or `lon,lat`; `weight`, `demand`, `capacity`, `price` and `id` where wanted.
pub(super) fn points(source: &Source) -> Result<Form, String> {
    let bytes = source.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&source.bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes);
    let heads = reader.headers().map_err(|error| error.to_string())?;
    let heads: Vec<String> = heads.iter().map(str::to_lowercase).collect();
    let column = |name: &str| heads.iter().position(|head| head == name);
    let (plain, degrees) = (column("x").zip(column("y")), column("lon").zip(column("lat")));
    let Some((east, north)) = plain.or(degrees) else {
        return Err("no columns “x” and “y”, nor “lon” and “lat”, in the header".to_owned());
    };
    let [weight, demand, capacity, price] = ["weight", "demand", "capacity", "price"].map(column);
    let id = column("id");
    let mut form = Form {
        names: Vec::new(),
        at: Vec::new(),
        weights: Vec::new(),
        demands: Vec::new(),
        capacities: capacity.map(|_| Vec::new()),
        prices: price.map(|_| Vec::new()),
        places: None,
        whole: false,
    };
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(row as u64 + 2, csv::Position::line);
        let number = |column: usize, least: f64, most: f64| {
            let text = record.get(column).unwrap_or_default();
            let number = text.parse::<f64>().ok().filter(|number| (least..=most).contains(number));
            let head = &heads[column];
            number.ok_or_else(|| {
                format!("row {row} (line {line}), column “{head}”: “{text}” is no number from {least} to {most}")
            })
        };
        let (wide, high) = if plain.is_some() { (1e9, 1e9) } else { (180.0, 90.0) };
        form.at.push([number(east, -wide, wide)?, number(north, -high, high)?]);
        let amount = |column: Option<usize>| column.map_or(Ok(1.0), |column| number(column, 0.0, 1e9));
        form.weights.push(amount(weight)?);
        form.demands.push(amount(demand)?);
        if let Some(capacities) = &mut form.capacities {
            capacities.push(amount(capacity)?);
        }
        if let Some(prices) = &mut form.prices {
            prices.push(amount(price)?);
        }
        let name = id.and_then(|id| record.get(id)).filter(|name| !name.is_empty());
        form.names.push(name.map_or_else(|| row.to_string(), str::to_owned));
    }
    if form.at.is_empty() {
        return Err("there are no rows below the header".to_owned());
    }
    if plain.is_none() {
        let mean = |axis: usize| form.at.iter().map(|at| at[axis]).sum::<f64>() / form.at.len() as f64;
        let local = Local::new(Point { lon: mean(0), lat: mean(1) });
        for at in &mut form.at {
            *at = local.project(Point { lon: at[0], lat: at[1] });
        }
    }
    Ok(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source { name: "points.csv".to_owned(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn both_forms_are_read() {
        let form = pmedcap(&source(" 1 713\n 2 1 120\n 1 2 62 3\n 2 80 25 14\n")).unwrap();
        assert_eq!((form.at, form.demands), (vec![[2.0, 62.0], [80.0, 25.0]], vec![3.0, 14.0]));
        assert_eq!((form.places, form.capacities), (Some(1), Some(vec![120.0; 2])));
        let form = points(&source("\u{feff}id,X,y,weight\na,0,1,2.5\n,3,4,1\n")).unwrap();
        assert_eq!((form.names, form.weights), (vec!["a".to_owned(), "1".to_owned()], vec![2.5, 1.0]));
        // A hundredth of a degree of latitude is 1,112 m.
        let form = points(&source("lon,lat\n121.45,31.27\n121.45,31.28\n")).unwrap();
        assert!((form.at[1][1] - form.at[0][1] - 1112.0).abs() < 1.0);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let wrong = |text: &str| points(&source(text)).unwrap_err();
        assert!(wrong("a,b\n1,2\n").starts_with("no columns"));
        assert!(wrong("x,y\n1,z\n").starts_with("row 0 (line 2), column “y”: “z”"));
        assert!(wrong("x,y,weight\n1,2,-1\n").contains("“weight”"));
        assert_eq!(wrong("x,y\n"), "there are no rows below the header");
        assert!(pmedcap(&source("1 713\n 50 5 120\n 1 2")).unwrap_err().contains("customer 1"));
        assert!(pmedcap(&source("1 713\n 5e9 5 120\n")).unwrap_err().contains("no number"));
    }
}
