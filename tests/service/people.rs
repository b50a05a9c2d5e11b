use serde_json::json;

use crate::client::Service;

#[tokio::test]
async fn nobody_is_told_to_sign_in_and_strangers_see_nothing() {
    let service = Service::new().await;
    service.post("/v1/projects", json!({ "id": "p", "name": "P" })).await.is(201);
    service.post("/v1/projects", json!({ "id": "q", "name": "Q" })).await.is(201);
    for path in ["/v1/projects", "/v1/projects/p", "/v1/projects/p/plans", "/v1/users", "/v1/keys", "/v1/session"] {
        let answer = service.call("GET", path, &[], None).await.is(401);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let viewer = service.user("viewer", &[("viewer", Some("p"), None)]).await;
    let as_viewer = [("authorization", viewer.as_str())];
    let list = service.call("GET", "/v1/projects", &as_viewer, None).await.is(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    service.call("GET", "/v1/projects/p", &as_viewer, None).await.is(200);
    // Not theirs, and not there at all: told alike.
    let foreign = service.call("GET", "/v1/projects/q", &as_viewer, None).await.is(404).json();
    let nowhere = service.call("GET", "/v1/projects/none", &as_viewer, None).await.is(404).json();
    assert_eq!(foreign, nowhere);
    service.call("GET", "/v1/projects/p/files", &as_viewer, None).await.is(403);
    service.call("POST", "/v1/projects/p/plans", &as_viewer, Some(json!({}))).await.is(403);
    service.call("POST", "/v1/projects", &as_viewer, Some(json!({ "id": "x", "name": "X" }))).await.is(403);
    service.call("DELETE", "/v1/projects/p", &as_viewer, None).await.is(403);
    service.call("GET", "/v1/users", &as_viewer, None).await.is(403);
}

#[tokio::test]
async fn a_planner_may_not_delete_or_manage_people() {
    let service = Service::new().await;
    service.post("/v1/projects", json!({ "id": "p", "name": "P" })).await.is(201);
    let planner = service.user("planner", &[("planner", Some("p"), None)]).await;
    let headers = [("authorization", planner.as_str())];
    service.call("PATCH", "/v1/projects/p", &headers, Some(json!({ "name": "New" }))).await.is(200);
    service.call("DELETE", "/v1/projects/p", &headers, None).await.is(403);
    service.call("POST", "/v1/users", &headers, Some(json!({ "login": "x", "name": "x" }))).await.is(403);
}

#[tokio::test]
async fn signing_in_and_out() {
    let service = Service::new().await;
    let right = json!({ "login": "admin", "password": "correct horse battery" });
    for wrong in [("admin", "wrong horse battery"), ("nobody", "correct horse battery")] {
        let body = json!({ "login": wrong.0, "password": wrong.1 });
        assert_eq!(service.call("POST", "/v1/session", &[], Some(body)).await.is(401).json()["code"], "sign-in-wrong");
    }
    let answer = service.call("POST", "/v1/session", &[], Some(right)).await.is(201);
    let set = answer.header("set-cookie").to_owned();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && !set.contains("Secure"), "{set}");
    let cookie = set.split(';').next().unwrap();
    let me = service.call("GET", "/v1/session", &[("cookie", cookie)], None).await.is(200).json();
    assert_eq!(me["grants"][0]["role"], "admin");
    // From a page of another site: refused; from ours: done.
    let foreign = [("cookie", cookie), ("origin", "https://evil.example"), ("host", "localhost")];
    service.call("DELETE", "/v1/session", &foreign, None).await.is(403);
    service.call("DELETE", "/v1/session", &[("cookie", cookie)], None).await.is(204);
    service.call("GET", "/v1/session", &[("cookie", cookie)], None).await.is(401);
}

#[tokio::test]
async fn an_invitation_works_once_and_a_user_kept_out_stays_out() {
    let service = Service::new().await;
    let user = service.post("/v1/users", json!({ "login": "lin", "name": "林" })).await.is(201).json();
    let id = user["id"].as_str().unwrap();
    service.post("/v1/users", json!({ "login": "lin", "name": "other" })).await.is(409);
    let invited =
        service.call("POST", &format!("/v1/users/{id}/invitation"), &[("authorization", service.key())], None).await;
    let url = invited.is(200).json()["url"].as_str().unwrap().to_owned();
    let token = url.split_once("token=").unwrap().1;
    let short = json!({ "token": token, "password": "short" });
    assert_eq!(
        service.call("POST", "/v1/invitations/accepted", &[], Some(short)).await.is(422).json()["errors"][0]["field"],
        "password"
    );
    let key = service.welcome(token).await;
    let again = json!({ "token": token, "password": "correct horse battery" });
    service.call("POST", "/v1/invitations/accepted", &[], Some(again)).await.is(404);
    service.call("GET", "/v1/session", &[("authorization", &key)], None).await.is(200);
    let admin = [("authorization", service.key())];
    service.call("PATCH", &format!("/v1/users/{id}"), &admin, Some(json!({ "disabled": true }))).await.is(200);
    service.call("GET", "/v1/session", &[("authorization", &key)], None).await.is(401);
}
