//! Every table of a project folder and every column of it: its English name (that of FORMATS) and its Chinese ones.
//!
//! The one place to add a column or another word for one. The first Chinese name is the one we write ourselves.
//! Compared after [`normal`]: trimmed, lower case, half width, without what stands in brackets at the end, without blanks.

/// A column and the headers it goes by.
#[derive(Debug)]
pub(super) struct Column {
    /// Name in FORMATS; findings call it so.
    pub(super) name: &'static str,
    /// Other headers, Chinese first.
    pub(super) also: &'static [&'static str],
}

/// A kind of table.
#[derive(Debug)]
pub(super) struct Sheet {
    /// File name without its ending, and name of the sheet in a workbook.
    pub(super) name: &'static str,
    /// People fill it in: columns that look like contacts are dropped unread.
    pub(super) personal: bool,
    /// Columns without which no row can be read.
    pub(super) needed: &'static [&'static str],
    /// All columns.
    pub(super) columns: &'static [Column],
}

macro_rules! sheet {
    ($id:ident = $name:literal, personal: $personal:literal, needed: [$($needed:literal),*],
     $($column:literal: [$($also:literal),*],)*) => {
        pub(super) const $id: Sheet = Sheet {
            name: $name,
            personal: $personal,
            needed: &[$($needed),*],
            columns: &[$(Column { name: $column, also: &[$($also),*] }),*],
        };
    };
}

sheet! { SITES = "sites", personal: false, needed: ["id", "lon", "lat"],
    "id": ["编号", "代码", "场所编号"],
    "name": ["名称", "中文名", "场所名称"],
    "name_en": ["英文名", "英文名称"],
    "kind": ["类型", "类别", "种类"],
    "lon": ["经度", "longitude", "lng"],
    "lat": ["纬度", "latitude"],
    "parent": ["上级", "所属", "所属场所"],
    "people": ["人数", "人口"],
    "enter": ["可驶入", "可驶入园区", "班车可驶入"],
}
sheet! { FIRMS = "firms", personal: false, needed: ["id"],
    "id": ["编号", "代码", "单位编号", "企业编号"],
    "name": ["名称", "单位名称", "企业名称", "单位", "企业"],
    "site": ["场所", "园区", "所在园区"],
    "people": ["人数", "员工数", "员工人数"],
}
sheet! { STOPS = "stops", personal: false, needed: ["id", "lon", "lat"],
    "id": ["编号", "代码", "站点编号"],
    "name": ["名称", "中文名", "站名"],
    "name_en": ["英文名", "英文名称", "英文站名"],
    "lon": ["经度", "longitude", "lng"],
    "lat": ["纬度", "latitude"],
    "site": ["场所", "所属场所"],
    "kerb": ["路侧", "停靠侧", "路边", "curb"],
    "step_free": ["无台阶", "无障碍"],
}
sheet! { SURVEY = "survey", personal: true, needed: ["origin", "destination", "time"],
    "response": ["答卷", "答卷编号", "问卷编号", "答卷号", "编号", "序号"],
    "firm": ["单位", "企业", "公司", "单位编号", "单位名称", "企业名称"],
    "origin": ["出发地", "起点", "出发地点", "from"],
    "destination": ["目的地", "终点", "到达地点", "to"],
    "time": ["时间", "时刻", "希望时间"],
    "time_kind": ["时间类型", "时间类别", "到达或出发", "到达还是出发"],
    "days": ["星期", "日子", "出行日", "哪几天", "出行日期"],
    "max_walk_m": ["最远步行米", "最远步行", "步行上限", "最远步行距离"],
    "max_wait_min": ["最长等待分钟", "最长等待", "等待上限", "最长等待时间"],
    "use": ["是否乘坐", "乘坐意愿", "会坐吗", "会不会坐", "使用意愿"],
    "both_ways": ["往返都有才坐", "往返", "须往返"],
    "weight": ["权重", "代表人数"],
    "now": ["现在怎么走", "目前方式", "现有方式", "目前交通方式"],
    "wheelchair": ["轮椅", "使用轮椅"],
}
sheet! { FLEET = "fleet", personal: false, needed: ["type", "seats"],
    "type": ["车型编号", "车型", "编号", "类型"],
    "name": ["名称", "车型名称"],
    "seats": ["座位", "座位数"],
    "wheelchair_places": ["轮椅位", "轮椅席位"],
    "count": ["数量", "车辆数", "辆数"],
    "cost_per_day": ["每天费用", "日租金", "日费用", "价格", "每天价格", "每天多少钱", "每日租金"],
    "included_hours": ["含小时", "包含小时"],
    "included_km": ["含公里", "包含公里"],
    "cost_per_extra_hour": ["超时费", "超时每小时"],
    "cost_per_extra_km": ["超公里费", "超里程每公里"],
    "depot": ["车场", "场站", "停放地", "停车场", "停车场站", "停在哪里", "车库"],
    "from": ["从", "最早", "开始"],
    "to": ["到", "最晚", "结束"],
    "battery_kwh": ["电池", "电池容量"],
    "kwh_per_km": ["每公里电耗", "电耗"],
    "charge_kw": ["充电功率"],
}
sheet! { TRAINS = "trains", personal: false, needed: ["station"],
    "station": ["车站", "地铁站", "站名"],
    "line": ["线路"],
    "direction": ["方向", "开往"],
    "days": ["星期", "日子"],
    "from": ["从", "首班", "开始"],
    "to": ["到", "末班", "结束"],
    "headway_min": ["间隔分钟", "间隔", "发车间隔"],
    "time": ["时间", "时刻"],
    "platform_walk_min": ["站内步行分钟", "站台到出口分钟", "站内步行"],
}
sheet! { CALENDAR = "calendar", personal: false, needed: ["date", "kind"],
    "date": ["日期"],
    "kind": ["类型", "类别"],
}
sheet! { BOARDINGS = "boardings", personal: false, needed: ["date", "stop"],
    "date": ["日期"],
    "trip": ["班次", "车次"],
    "line": ["线路"],
    "departure": ["发车", "发车时间"],
    "stop": ["站点", "车站", "站"],
    "on": ["上车", "上客"],
    "off": ["下车", "下客"],
}
sheet! { LOTS = "lots", personal: false, needed: ["id", "lon", "lat", "bays"],
    "id": ["编号", "代码", "停车场编号"],
    "name": ["名称", "停车场", "停车场名称"],
    "lon": ["经度", "longitude", "lng"],
    "lat": ["纬度", "latitude"],
    "owner": ["业主", "产权方", "所有者"],
    "bays": ["车位", "车位数", "泊位"],
    "accessible_bays": ["无障碍车位", "无障碍泊位"],
    "charging_bays": ["充电车位", "充电泊位"],
    "days": ["星期", "日子"],
    "from": ["从", "开始"],
    "to": ["到", "结束"],
    "price": ["价格", "每晚价格"],
    "gate_lon": ["入口经度"],
    "gate_lat": ["入口纬度"],
    "owner_return": ["业主返回", "业主返回时间"],
    "displace_max": ["冲突上限", "挤占上限"],
    "exchange": ["互换", "共享自用"],
    "past": ["已过", "已过去"],
}
sheet! { PARKING = "parking", personal: true, needed: ["request", "home"],
    "request": ["申请", "申请编号", "编号"],
    "home": ["住处", "住所", "小区位置"],
    "area": ["居民区", "小区"],
    "party": ["单位", "申请单位"],
    "days": ["星期", "日子"],
    "from": ["从", "开始"],
    "to": ["到", "结束"],
    "max_walk_m": ["最远步行米", "最远步行", "步行上限"],
    "max_price": ["最高价", "最高价格"],
    "accessible": ["无障碍", "无障碍车位"],
    "charging": ["充电", "需要充电"],
    "current_lot": ["现停车场", "现用停车场"],
    "since": ["起", "等候起", "开始等候", "申请日期"],
    "past": ["已过", "已过去"],
}
/// The requests of a register, beside parking.csv: that file stays as it was brought, and what is found in it true.
pub(super) const PARKING_REGISTER: Sheet = Sheet { name: "parking_register", ..PARKING };
sheet! { PARKING_HISTORY = "parking_history", personal: true, needed: ["lot", "date", "left"],
    "lot": ["停车场", "停车场编号"],
    "date": ["日期"],
    "request": ["申请", "申请编号"],
    "left": ["离开", "离场", "离开时间"],
}
sheet! { ROOMS = "rooms", personal: false, needed: ["id"],
    "id": ["编号", "房间编号"],
    "site": ["场所", "地点"],
    "kind": ["类型", "用途"],
    "seats": ["座位", "座位数", "容纳人数"],
    "days": ["星期", "日子"],
    "from": ["从", "开始"],
    "to": ["到", "结束"],
    "who": ["对象", "谁可以用", "开放对象"],
    "past": ["已过", "已过去"],
}
sheet! { CLAIMS = "claims", personal: true, needed: ["claim"],
    "claim": ["申请", "申请编号", "编号"],
    "room": ["房间", "房间编号"],
    "kind": ["类型", "用途"],
    "days": ["星期", "日子"],
    "from": ["从", "开始"],
    "to": ["到", "结束"],
    "people": ["人数"],
    "group": ["团体", "队伍", "社团"],
    "past": ["已过", "已过去"],
}
sheet! { COURIERS = "couriers", personal: false, needed: ["lon", "lat", "hour"],
    "lon": ["经度", "longitude", "lng"],
    "lat": ["纬度", "latitude"],
    "hour": ["小时", "钟点"],
    "people": ["人数"],
}
sheet! { POINTS = "points", personal: false, needed: ["lon", "lat"],
    "lon": ["经度", "longitude", "lng"],
    "lat": ["纬度", "latitude"],
}
sheet! { NODES = "points", personal: false, needed: ["node"],
    "node": ["节点", "节点编号"],
    "lon": ["经度", "longitude", "lng"],
    "lat": ["纬度", "latitude"],
}

/// All tables, in the order they are read.
pub(super) const ALL: [&Sheet; 16] = [
    &SITES,
    &FIRMS,
    &STOPS,
    &SURVEY,
    &FLEET,
    &TRAINS,
    &CALENDAR,
    &BOARDINGS,
    &LOTS,
    &PARKING,
    &PARKING_REGISTER,
    &PARKING_HISTORY,
    &ROOMS,
    &CLAIMS,
    &COURIERS,
    &NODES,
];

/// Parts of headers that say: here stands who somebody is or how to reach them.
const CONTACTS: [&str; 33] = [
    "姓名",
    "名字",
    "联系",
    "电话",
    "手机",
    "号码",
    "座机",
    "身份证",
    "证件",
    "邮箱",
    "邮件",
    "微信",
    "住址",
    "地址",
    "门牌",
    "车牌",
    "工号",
    "银行",
    "生日",
    "name",
    "phone",
    "mobile",
    "tel",
    "mail",
    "wechat",
    "weixin",
    "qq",
    "address",
    "idcard",
    "id_card",
    "passport",
    "plate",
    "contact",
];

/// A header as it is compared.
pub(super) fn normal(header: &str) -> String {
    let mut text = half_width(header.trim()).to_lowercase();
    // "编号（必填）", "时间[HH:MM]": what stands in brackets at the end explains, it does not name.
    while let Some(last) = text.trim_end_matches(['*', ':', ' ']).chars().last() {
        text.truncate(text.trim_end_matches(['*', ':', ' ']).len());
        let open = match last {
            ')' => '(',
            ']' => '[',
            '】' => '【',
            '〕' => '〔',
            _ => break,
        };
        match text.rfind(open) {
            Some(at) if at > 0 => text.truncate(at),
            _ => break,
        }
    }
    text.trim()
        .split(['_', '-', ' ', '\t', '\n', '\r', '\u{a0}'])
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

/// Full-width letters, digits and signs as their half-width selves.
pub(super) fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' => ' ',
            '\u{feff}' => ' ',
            c => c,
        })
        .collect()
}

/// The Chinese header we write for a column of a table file ("survey.csv", "time": "时间").
///
/// A file of another name (somebody's "answers.xlsx") is taken for a survey or a list of sites, whichever has such a
/// column. `None`: no table, or no column of ours.
#[must_use]
pub fn header_zh(file: &str, column: &str) -> Option<&'static str> {
    let (stem, ending) = file.rsplit_once('.')?;
    if !["csv", "xlsx"].iter().any(|known| ending.eq_ignore_ascii_case(known)) {
        return None;
    }
    match ALL.iter().find(|sheet| sheet.name.eq_ignore_ascii_case(stem)) {
        Some(sheet) => sheet.header_zh(column),
        None => [&SURVEY, &SITES].iter().find_map(|sheet| sheet.header_zh(column)),
    }
}

impl Sheet {
    /// The Chinese header we write for a column.
    pub(super) fn header_zh(&self, column: &str) -> Option<&'static str> {
        self.columns.iter().find(|known| known.name == column).and_then(|known| known.also.first()).copied()
    }
    /// Which column a header (already [`normal`]) names.
    pub(super) fn column(&self, normal: &str) -> Option<usize> {
        self.columns.iter().position(|column| {
            column.name == normal || column.name.replace('_', "") == normal || column.also.contains(&normal)
        })
    }
    /// Does a header (already [`normal`]) that is no column of ours look like a contact?
    pub(super) fn is_contact(&self, normal: &str) -> bool {
        self.personal && CONTACTS.iter().any(|word| normal.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_chinese_header_and_no_header_names_two() {
        for sheet in ALL {
            let mut seen = std::collections::BTreeSet::new();
            for column in sheet.columns {
                assert!(column.also.first().is_some_and(|zh| !zh.is_ascii()), "{}.{}", sheet.name, column.name);
                for header in std::iter::once(&column.name).chain(column.also) {
                    assert_eq!(&normal(header), header, "not in its normal form");
                    assert!(seen.insert(*header), "{}: {header} stands twice", sheet.name);
                    assert!(
                        !CONTACTS.iter().any(|c| sheet.personal
                            && header.contains(c)
                            && header != &"单位名称"
                            && header != &"企业名称"),
                        "{header} would read as a contact"
                    );
                }
            }
            for needed in sheet.needed {
                assert!(sheet.column(needed).is_some());
            }
        }
    }

    #[test]
    fn headers_as_people_write_them() {
        assert_eq!(SITES.column(&normal(" 编号（必填） ")), Some(0));
        assert_eq!(SITES.column(&normal("ＬＯＮ")), Some(4));
        assert_eq!(SURVEY.column(&normal("Max Walk M")), SURVEY.column("max_walk_m"));
        assert_eq!(SURVEY.column(&normal("时间(HH:MM)*")), SURVEY.column("time"));
        assert_eq!(normal("(必填)"), "(必填)");
        for said in ["价格", "每天价格", "每天多少钱", "日租金", "每天价格（元）"] {
            assert_eq!(FLEET.column(&normal(said)), FLEET.column("cost_per_day"), "{said}");
        }
        for said in ["停车场", "停车场站", "停在哪里", "车库"] {
            assert_eq!(FLEET.column(&normal(said)), FLEET.column("depot"), "{said}");
        }
        assert!(SURVEY.is_contact(&normal("您的手机号")));
        assert!(!SITES.is_contact(&normal("手机")));
    }

    #[test]
    fn headers_in_the_readers_language() {
        assert_eq!(header_zh("survey.csv", "time"), Some("时间"));
        assert_eq!(header_zh("Trains.XLSX", "headway_min"), Some("间隔分钟"));
        assert_eq!(header_zh("answers.xlsx", "origin"), Some("出发地"));
        assert_eq!(header_zh("places.csv", "lon"), Some("经度"));
        // Keys of TOML and JSON stay as they are written there, and so does what is no column of ours.
        assert_eq!(header_zh("project.toml", "name"), None);
        assert_eq!(header_zh("areas.geojson", "people"), None);
        assert_eq!(header_zh("survey.csv", "comments"), None);
        assert_eq!(header_zh("survey", "time"), None);
    }
}
