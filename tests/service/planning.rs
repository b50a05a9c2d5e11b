use std::time::Duration;

use jiebo::jobs::{self, Bell};
use serde_json::{Value, json};

use crate::client::{Service, demo_zip};

pub(crate) async fn demo() -> Service {
    let service = Service::new().await;
    service.post("/v1/projects", json!({ "id": "p", "name": "P" })).await.is(201);
    let headers = [("authorization", service.key()), ("content-type", "application/zip")];
    service.raw("PUT", "/v1/projects/p/files", &headers, demo_zip()).await.is(200);
    service
}

/// Waits until a job has ended.
pub(crate) async fn ended(service: &Service, run: &str) -> Value {
    for _ in 0..600 {
        let run = service.get(&format!("/v1/runs/{run}")).await.is(200).json();
        if run.get("ended").is_some() {
            return run;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the job does not end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_folder_to_every_file_of_a_plan() {
    let service = demo().await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(jobs::work(service.store.clone(), Bell::default(), stopped));
    let scenario = json!({ "name": "第三辆车", "modifications": [{ "kind": "add_vehicle", "type": "minibus19" }] });
    let scenario = service.post("/v1/projects/p/scenarios", scenario).await.is(201).json();
    let misfit = json!({ "name": "x", "modifications": [{ "kind": "add_vehicle", "type": "airship" }] });
    assert_eq!(service.post("/v1/projects/p/scenarios", misfit).await.is(409).json()["code"], "scenario-fits-not");

    let plans = "/v1/projects/p/plans";
    let asked = service.post(plans, json!({ "iterations": 60, "label": "base" })).await.is(202);
    let base = ended(&service, asked.json()["id"].as_str().unwrap()).await;
    assert_eq!(
        (base["state"].as_str(), asked.header("location")),
        (Some("done"), format!("/v1/runs/{}", base["id"].as_str().unwrap()).as_str())
    );
    let asked = service.post(plans, json!({ "iterations": 60, "scenario": scenario["id"] })).await.is(202);
    let more = ended(&service, asked.json()["id"].as_str().unwrap()).await;
    assert_eq!(more["label"], "第三辆车");

    let list = service.get(plans).await.is(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let plan = base["plan"].as_str().unwrap();
    for name in jiebo::publish::folder::NAMES {
        let file = service.get(&format!("{plans}/{plan}/files/{name}")).await.is(200);
        assert!(file.bytes.len() > 500, "{name}");
        let tag = file.header("etag").to_owned();
        let headers = [("authorization", service.key()), ("if-none-match", tag.as_str())];
        service.call("GET", &format!("{plans}/{plan}/files/{name}"), &headers, None).await.is(304);
    }
    // The same plan as the command line's: it passes the checker with the folder it was made from.
    let text = service.get(&format!("{plans}/{plan}/files/plan.json")).await.bytes;
    let made = jiebo::planning::plan::Plan::from_json(&text).unwrap();
    let cohort = &made.unserved[0].cohort;
    let why = service.get(&format!("{plans}/{plan}/cohorts/{cohort}")).await.is(200).json();
    assert!(!why["text_zh"].as_array().unwrap().is_empty());
    let both = format!("/v1/projects/p/comparison?plans={plan},{}", more["plan"].as_str().unwrap());
    let side = service.get(&both).await.is(200).json();
    assert!(side["rows"].as_array().unwrap().len() > 10);

    // Viewers read the report, not the cohorts.
    let viewer = service.user("viewer", &[("viewer", Some("p"), None)]).await;
    let headers = [("authorization", viewer.as_str())];
    service.call("GET", &format!("{plans}/{plan}/files/report.html"), &headers, None).await.is(200);
    service.call("GET", &format!("{plans}/{plan}/files/plan.json"), &headers, None).await.is(403);
    service.call("GET", &format!("{plans}/{plan}/cohorts/{cohort}"), &headers, None).await.is(403);

    // A long search is stopped with the best so far.
    let asked = service.post(plans, json!({ "seconds": 600 })).await.is(202).json();
    let run = asked["id"].as_str().unwrap();
    for _ in 0..300 {
        if service.get(&format!("/v1/runs/{run}")).await.json()["state"] == "running" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    service.call("POST", &format!("/v1/runs/{run}/cancel"), &[("authorization", service.key())], None).await.is(202);
    let stopped_run = ended(&service, run).await;
    assert_eq!(stopped_run["state"], "cancelled");
    assert!(stopped_run["plan"].is_string(), "{stopped_run}");

    // A sweep is many jobs and one table.
    let sweep =
        json!({ "name": "fleet", "plans": [{ "iterations": 0 }, { "iterations": 0, "scenario": scenario["id"] }] });
    let sweep = service.post("/v1/projects/p/sweeps", sweep).await.is(202).json();
    let at = format!("/v1/projects/p/sweeps/{}", sweep["id"].as_str().unwrap());
    for _ in 0..600 {
        if service.get(&at).await.json()["open"] == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let table = service.get(&at).await.is(200).json();
    assert!(table["rows"].as_array().unwrap().iter().any(|row| row["pareto"] == true), "{table}");
    stop.send(true).unwrap();
    worker.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_make_no_plan_end_the_job_with_the_reason() {
    let service = Service::new().await;
    service.post("/v1/projects", json!({ "id": "p", "name": "P" })).await.is(201);
    assert_eq!(service.post("/v1/projects/p/plans", json!({})).await.is(409).json()["code"], "no-project-file");
    let octets = [("authorization", service.key()), ("content-type", "application/octet-stream")];
    service
        .raw("PUT", "/v1/projects/p/files/project.toml", &octets, b"[project]\nname = \"p\"\n".to_vec())
        .await
        .is(200);
    let run = service.post("/v1/projects/p/plans", json!({})).await.is(202).json();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(jobs::work(service.store.clone(), Bell::default(), stopped));
    let run = ended(&service, run["id"].as_str().unwrap()).await;
    assert_eq!(
        (run["state"].as_str(), run["reason"]["code"].as_str()),
        (Some("failed"), Some("run-inputs-unreadable"))
    );
    stop.send(true).unwrap();
    worker.await.unwrap();
}
