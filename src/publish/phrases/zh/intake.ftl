# 读入数据时的发现：值是什么不对，.do 是怎么办。

intake-then = { $then ->
        [dropped] 这一行没有用。
       *[empty] 当作空白。
    }

## files

file-missing = 项目文件夹里没有这个文件，而这次计划需要它。
    .do = 把文件放进项目文件夹（CSV 或 XLSX 均可），或用 --only 只做不需要它的部分。
file-twice = 同名的 CSV 和 XLSX 都在文件夹里；只读了 { $used }。
    .do = 删掉不用的那一份，免得改错文件。
file-unknown = 没有读这个文件：名称不是项目用到的任何一种{ $guess ->
        [no] {""}
       *[yes] （是不是 { $near }？）
    }。
    .do = 需要的话改成规定的文件名；不需要就不用管。
file-too-large = 文件超过 { $limit } 的上限，没有读。
    .do = 删去用不到的列和行，或拆成几个项目。
file-empty = 文件是空的（0 字节）。
    .do = 确认是否存错了文件，或下载、复制时中断了；重新保存一份。
text-unreadable = 看不出文件的文字编码：既不是 UTF-8、UTF-16，也不是 GBK。
    .do = 用电子表格软件打开原文件，另存为“CSV UTF-8”。
text-damaged = 文件里有无法识别的字符，第一处在这一行附近；其余部分照常读取。
    .do = 打开文件检查乱码，改正后另存为“CSV UTF-8”。
rows-beyond-limit = 只读前 { $limit } 条，后面的没有读。
    .do = 删去用不到的，或拆成几个项目。
nothing-left = 这个文件里没有一条可用的内容。
    .do = 看前面各条发现的问题，改正后再来。
more-of-the-same = 同类问题另有 { $count } 处，没有逐条列出（{ $kind }）。
    .do = 先改正列出的，多半是同一个原因。

## tables

table-old-excel = 这是旧式 Excel 文件（.xls），或加了密码的工作簿，读不了。
    .do = 去掉密码，在电子表格软件里另存为 .xlsx 或 CSV。
table-too-many-rows = 表格超过 { $limit } 行，没有读。
    .do = 删去空行和用不到的行，或拆成几个项目。
table-too-many-columns = 表格超过 { $limit } 列，没有读。
    .do = 只留用得到的列。
table-no-header = 表格里找不到表头：没有一列的名称是认识的（至少要有：{ $zh }）。
    .do = 在第 1 行写上各列名称，中文（{ $zh }）或英文（{ $columns }）均可。
table-header-not-first = 表头在这一行；上面的几行当作标题，没有读。
    .do = 不必改；想省事可以删掉表头上面的行。
table-column-missing = 缺少“{ $zh }”这一列，整个表格没法用。
    .do = 补上这一列，表头写“{ $zh }”或 { $en }；如果有这一列但名称不同，把表头改成其中一种。
column-missing = 缺少“{ $zh }”这一列；少不了它的各行都没有用。
    .do = 补上这一列，表头写“{ $zh }”或 { $en }；如果有这一列但名称不同，把表头改成其中一种。
table-column-twice = 两列都是 { $column }；只用了前一列（没有用的是 { $letter } 列）。
    .do = 删去或改名其中一列。
table-unknown-column = 不认识这一列（{ $letter } 列），没有读。
    .do = 不需要就不用管；需要的话把表头改成规定的名称。
contact-column-dropped = 这一列（{ $letter } 列）像是个人联系方式，内容没有读取，也不会保存。
    .do = 计划用不到联系方式；交文件之前最好删掉这一列。
table-row-long = 这一行有 { $cells } 格，表头只有 { $columns } 列；多出的没有读。
    .do = 看看是不是有内容里带着分隔符，给它加上引号。
table-row-short = 这一行只有 { $cells } 格，表头有 { $columns } 列；缺的当作空白。
    .do = 看看这一行是不是被截断了。
table-cell-too-long = 有一格超过 { $limit } 个字，当作空白。
    .do = 缩短这一格。
table-open-quote = 这一行有一个没有配对的引号，当作普通字符。
    .do = 补上或删去引号。
table-empty = 表格只有表头，没有内容。
    .do = 确认是否存错了文件。

## workbooks

xlsx-broken = 工作簿打不开（{ $reason }）。
    .do = 在电子表格软件里打开，另存为新的 .xlsx 或 CSV。
xlsx-no-workbook = 文件名以 .xlsx 结尾，内容却不是工作簿，没有读。
    .do = 在电子表格软件里打开原文件，另存为 .xlsx；如果本来是 CSV，把文件名的结尾改成 .csv。
xlsx-too-large = 工作簿展开后超过 { $limit }，没有展开。
    .do = 删去图片和用不到的工作表，或另存为 CSV。
xlsx-too-many-entries = 工作簿里有 { $limit } 个以上的部分，没有打开。
    .do = 新建一个工作簿，只复制需要的工作表。
xlsx-bomb = 工作簿的某一部分展开后会胀大 { $ratio } 倍以上，像是恶意文件，没有打开。
    .do = 向提供文件的人要一份另存的文件。

## cells

cell-missing = 这一格是空的，而这一行少不了它；这一行没有用。
    .do = 补上内容。
cell-not-a-number = “{ $said }”不是数字。{ intake-then }
    .do = 写成数字。
cell-not-whole = “{ $said }”不是整数。{ intake-then }
    .do = 写成整数。
cell-out-of-range = “{ $said }”超出范围（{ $min } 到 { $max }）。{ intake-then }
    .do = 核对后改正。
cell-unit = “{ $said }”带着单位；按这一列的单位读作数字。
    .do = 去掉单位更稳妥。
cell-not-a-time = “{ $said }”不是时间。{ intake-then }
    .do = 写成 08:30 这样的时间；过了半夜写 24:30。
cell-not-days = 看不懂“{ $said }”指哪几天。{ intake-then }
    .do = 写成“周一至周五”“一三五”“每天”或日期。
cell-not-a-date = “{ $said }”不是日期。{ intake-then }
    .do = 写成 2026-12-01 这样的日期。
cell-not-yes-no = “{ $said }”既不是“是”也不是“否”。{ intake-then }
    .do = 写“是”或“否”。
window-too-long = 到“{ $said }”为止的时段超过一天；这一行没有用。
    .do = 时段最长 24 小时；过夜的写成 18:00 到 08:00。
dates-over = { $count } 行的日期已经过去，不再安排；离场记录仍按它们来读。
    .do = 还需要的，请写今后的日期，past（已过）一栏留空。
dates-too-many = 加上“{ $said }”，单个日期就超过 { $most } 个了；这一行没有用。
    .do = 每周都一样的请写星期；日期太多时请一个季度一个季度地做计划。

## ids and names

id-twice = 编号“{ $said }”在第 { $first } 行已经有了；这一行没有用。
    .do = 删去重复的一行，或换一个编号。
id-with-blanks = 编号“{ $said }”里有空格，改用“{ $used }”。
    .do = 编号不要带空格。
id-too-long = 编号太长；这一行没有用。
    .do = 编号不超过 100 个字。
name-of-several = 有几处都叫“{ $said }”，不知道指哪一处。{ intake-then }
    .do = 改写编号。
site-unknown = 没有这个地点：“{ $said }”。{ $guess ->
        [no] {""}
       *[yes] 是不是“{ $near }”？
    }{ intake-then }
    .do = 核对写法；应当是 sites.csv 里的编号或名称。
site-parent-unknown = 没有这个上级地点：“{ $said }”。{ $guess ->
        [no] {""}
       *[yes] 是不是“{ $near }”？
    }{ intake-then }
    .do = 核对写法；应当是 sites.csv 里的编号或名称。
firm-unknown = 没有这个单位：“{ $said }”。{ $guess ->
        [no] {""}
       *[yes] 是不是“{ $near }”？
    }{ intake-then }
    .do = 核对写法；应当是 firms.csv 里的编号或名称。
stop-unknown = 没有这个站点：“{ $said }”。{ $guess ->
        [no] {""}
       *[yes] 是不是“{ $near }”？
    }{ intake-then }
    .do = 核对写法；应当是 stops.csv 里的编号或名称。
lot-unknown = 没有这个停车场：“{ $said }”。{ $guess ->
        [no] {""}
       *[yes] 是不是“{ $near }”？
    }{ intake-then }
    .do = 核对写法；应当是 lots.csv 里的编号或名称。
party-unknown = 参加互换的停车场里没有属于“{ $said }”的。{ $guess ->
        [no] {""}
       *[yes] 是不是“{ $near }”？
    }这条申请按一般申请处理。
    .do = 照 lots.csv 里 exchange 为“是”的那一行的 owner（业主）来写。
room-unknown = 没有这个房间：“{ $said }”。{ $guess ->
        [no] {""}
       *[yes] 是不是“{ $near }”？
    }{ intake-then }
    .do = 核对写法；应当是 rooms.csv 里的编号或名称。

## coordinates

point-swapped = “{ $said }”像是把经度和纬度写反了；这一条没有用。
    .do = 先写经度（上海约 121），后写纬度（约 31）。
point-out-of-range = “{ $said }”不是经纬度；这一条没有用。
    .do = 经度在 -180 到 180 之间，纬度在 -90 到 90 之间。
point-far = “{ $said }”离其他地点的中心有 { $km } 公里，不像在这个项目里；这一条没有用。
    .do = 核对坐标；超过 20 公里的都不用。

## project.toml

toml-unreadable = project.toml 在这一行写得不对：{ $slip ->
        [quote] 引号不成对，或文字没有加英文引号 " "
        [bracket] 方括号、花括号不成对，或少了逗号
        [equals] 等号或等号后面的值缺失、多余
        [twice] 同一个名称写了两次
        [key] 键名不对（只能用字母、数字、下划线和连字符）
       *[other] 读不懂（{ $reason }）
    }。
    .do = 改正这一行；其余内容要等它改好以后再看。
toml-unknown-key = 不认识这个键{ $then ->
        [stop] {""}
       *[empty] ，没有用
    }{ $guess ->
        [no] {""}
       *[yes] （是不是 { $near }？）
    }{ $then ->
        [stop] 。预算是硬性规定，不能当作没有写
       *[empty] {""}
    }。
    .do = 改正键名，或删掉。
toml-value = 这个值不对，应当是 { $expected }；{ $then ->
        [stop] 不能当作没有写
       *[empty] 当作没有写
    }。
    .do = 改成 { $expected }。
toml-twice = “{ $id }”已经有了；后一个没有用。
    .do = 改名或删去一个。
project-name-missing = 没有写项目名称。
    .do = 在 [project] 下写 name = "…"。
project-name-unsafe = 项目名称要用作文件名，改用“{ $used }”。
    .do = 名称里只用字母、数字、汉字和连字符；中文全名写在 name_zh。
service-days-unknown = 看不懂服务“{ $service }”在哪几天开行，没法计划。
    .do = days 写成“周一至周五”“一三五”“每天”或日期，例如 days = "周一至周五"。
service-dates-assumed = 服务“{ $service }”没有写全起止日期，按 { $from } 到 { $until } 计算。
    .do = 写上 from 和 until。
service-too-long = 服务“{ $service }”超过三年，只算到 { $until }。
    .do = 缩短期限。
service-without-days = 服务“{ $service }”没有任何一天开行，没有用。
    .do = 核对星期、起止日期和节假日。
on-demand-unknown = 预约乘车“{ $offer }”：{ $key } 里的“{ $name }”在项目里没有，没有用。
    .do = 改正 project.toml 里 [[on_demand]] 的这个名称。
services-none = 没有一个服务有开行日。
    .do = 在 project.toml 里写 [[services]]，给出 days、from、until。
period-backwards = 这个时段的结束不在开始之后，没有用。
    .do = 核对 from 和 to；过半夜写 24:30。
period-incomplete = 这个时段没有写全起止时间，没有用。
    .do = 写上 name、from 和 to。
periods-overlap = 时段“{ $name }”和前一个重叠，合成一个。
    .do = 把两个时段分开。
peaks-differ = 两个高峰的车速系数不同；目前统一用较慢的那个。
    .do = 不必改；时刻表宁慢勿快。
alternative-incomplete = 这种出行方式没有写全（mode 和 m_per_s），没有用。
    .do = 写上 mode 和 m_per_s。

## sites, stops, calendar, fleet, trains

site-kind-unknown = 不认识这种地点：“{ $said }”；这一行没有用。
    .do = 写 park 园区、gate 门、station 车站、exit 出口、lot 停车场、depot 车场、area 居民区、room 房间之一。
site-parent-kind = 上级“{ $said }”不是园区（对门）或车站（对出口）；当作没有上级。
    .do = 门的上级是园区，出口的上级是车站。
site-parent-missing = 门或出口没有写上级；只当作单独的地点。
    .do = 写上所属的园区或车站。
stop-kerb-unknown = 路侧“{ $said }”看不懂；按右侧算。
    .do = 写 right 右侧、left 左侧或 either 均可。
calendar-kind-unknown = “{ $said }”既不是节假日也不是调休上班；这一行没有用。
    .do = 写 holiday 节假日或 working 调休上班。
calendar-date-twice = 这一天在第 { $first } 行已经有了；这一行没有用。
    .do = 删去一行。
site-off-paths = “{ $site }”离路网里最近的道路有 { $km } 公里（上限 { $limit } 米），从那里走不到任何站点。
    .do = 核对经纬度和坐标系（coordinates）；坐标没有错，就换一份把它包括在内的路网，或去掉这一行。
site-nothing-to-enter = “{ $site }”允许班车驶入，但 60 米以内没有可以打开的内部道路或大门。
    .do = 把该场所的坐标移到大门，或在 roads.geojson 里画出内部道路（highway = service）；班车不驶入的话，可驶入一栏留空。
coordinates-mixed = 这个文件里的点按 { $system } 读才和周围的道路、场所对得上，按声明的 { $declared } 读会整体偏开约 { $metres } 米（比对了 { $points } 处）。
    .do = { $fix ->
        [declare] 在 project.toml 里写 coordinates = "{ $system }"。
       *[convert] 把这个文件转成 { $declared }，或按 { $declared } 重新导出；如果文件夹里所有文件都是 { $system }，就在 project.toml 里写 coordinates = "{ $system }"。
    }
coordinates-mixed-roads = 道路按 { $system } 读才和大门、出入口、站点对得上，按声明的 { $declared } 读会整体偏开约 { $metres } 米（比对了 { $points } 处）。
    .do = 把 roads.geojson 转成 { $declared }，或改用 roads.osm.pbf（它总是 WGS-84）。
fleet-count-assumed = 没有写有几辆车，按一辆算。
    .do = 写上数量。
fleet-price-assumed = 没有可用的价格，按每天 { $used } 元算；费用和分摊都会跟着它走。
    .do = 写上这种车每天的实际费用。
fleet-price-column-missing = 车辆表没有价格这一列，每种车都按每天 { $used } 元算；费用和分摊都会跟着它走。
    .do = 加一列，表头写“每天费用”或 cost_per_day，填每辆车每天多少元。
train-not-a-station = “{ $said }”不是车站；这一行没有用。
    .do = 写车站（或它的出口）的编号或名称。
boarding-without-trip = 没有写班次，也没有写线路和发车时间；这一行没有用。
    .do = 写上班次，或线路和发车时间。
boarding-trip-unknown = “{ $said }”不是现行方案的班次（或线路没有这个发车时间）；这一行没有用。
    .do = 照行车单写班次；以前方案的记录请取出。
boarding-not-running = 这个班次 { $date } 不开行；这一行没有用。
    .do = 核对日期或班次。
boarding-stop-not-served = 这个班次不停 { $stop }；这一行没有用。
    .do = 核对站点或班次。
grid-unreadable = 这不是试算表：{ $reason }
    .do = 按 README 的例子写 [[axis]]，下面写若干个 [[axis.choice]]。
grid-axes = 试算表有 { $count } 个维度；应为 1 到 { $most } 个。
    .do = 写一个或几个 [[axis]]，各有自己的选项。
grid-axis-empty = 这个维度没有选项。
    .do = 在它下面写 [[axis.choice]]；没有修改的选项就是项目现状。
grid-too-large = 试算表有 { $count } 种组合；最多计算 { $most } 种。
    .do = 减少选项或维度，或分成两张表。
grid-name = 缺名称，或名称超过 { $most } 个字。
    .do = 给每个维度和选项起个短名：它是表头。
grid-name-twice = 名称“{ $said }”写了两次。
    .do = 每个维度、同一维度的每个选项，各用各的名称。
scenario-unknown = 项目里没有{ $what ->
    [vehicle-type] 车型
    [way] 道路
    [site] 场所
    [candidate-stop] 备选站点
    [station-with-trains] 有列车的车站
   *[other] 这一项
}“{ $id }”。
    .do = 请写项目里有的编号。
scenario-taken = 项目里已有场所“{ $id }”。
    .do = 换一个编号。
scenario-value = { $field } 不能是 { $value }（应为：{ $wanted }）。
    .do = 请改正。
scenario-nothing-in-force = 没有正在执行的方案，无从保留时刻表。
    .do = 把它的 plan.json 放进项目文件夹。
plan-unreadable = 现行方案读不了：{ $reason }
    .do = 用 plan 命令写出的 plan.json 原样放回，或先拿走这个文件。
json-unreadable = 文件从这一行起不是正确的 JSON（{ $reason }）。
    .do = 重新导出这个文件。
geojson-no-features = 文件里没有要素（features）。
    .do = 导出为 GeoJSON 的 FeatureCollection。
area-no-outline = 这个居民区没有可用的轮廓；没有用。
    .do = 轮廓应是至少三个不同顶点的多边形。
roads-too-large = 道路文件超过上限（{ $limit } { $what }），没有读。
    .do = 先把道路裁到本街区的范围。
roads-unreadable = 道路文件读不了（{ $reason }）。
    .do = 手工画的请改好那一处；导出的请重新导出。

## survey

survey-column-absent = 问卷没有“{ $column }”这一列{ $used ->
        [person] ；每一行当作一个人
        [days] ；一律按{ $days }算
       *[other] ；一律按 { $used } 算
    }。
    .do = 下次问卷加上这一列，结果会更准。
survey-no-response = 没有答卷编号；这一行当作单独一个人。
    .do = 补上编号，一个人的去程和回程才能对上。
survey-same-place = 出发地和目的地是同一个地方；这一行没有用。
    .do = 核对两端。
survey-time-kind-unknown = “{ $said }”既不是到达也不是出发；这一行没有用。
    .do = 写“到达”或“出发”。
survey-time-kind-assumed = 没有写是到达还是出发；一端是园区，按“{ $used ->
        [arrive_by] 到达
       *[other] 出发
    }”算。
    .do = 写上“到达”或“出发”。
survey-days-assumed = 没有可用的日子；按{ $days }算。
    .do = 写上哪几天。
survey-use-assumed = 没有回答会不会坐；按“可能”（0.4）算。
    .do = 补上“会”“可能”“不会”或 0 到 1 的概率。
survey-use-unknown = “{ $said }”不是会、可能、不会，也不是 0 到 1 的概率；这一行没有用。
    .do = 写“会”“可能”“不会”或 0 到 1 的概率。
survey-duplicate-answer = 这一行重复了第 { $first } 行；只算前一行。
    .do = 删去其中一行。
survey-journey-twice = 同一个人同样的日子、同一程在第 { $first } 行已经有了（{ $time }）；这一行没有用。
    .do = 一人一程只留一行，或把日子分开。
survey-third-journey = 同一个人同样的日子已经有去程和回程（见第 { $first } 行）；第三程没有用。
    .do = 一份答卷最多一去一回；另外的行程另写一份。
survey-back-before-in = 回程出发早于去程到达（第 { $first } 行，{ $time }）；这一行没有用。
    .do = 核对两行的时间；夜班下班写成第二天的时间，例如 30:00。
survey-both-ways-alone = 写了“往返都有才坐”，但只有一程可用；按单程算。
    .do = 补上另一程。
survey-two-weights = 同一个人的两行权重不同；用 { $used }。
    .do = 两行写同样的权重。
survey-equal-block = 从这一行到第 { $last } 行，{ $count } 行答案一模一样，同一个单位。
    .do = 问一问是不是一个人代填的；如果是，留一份并写上权重。
survey-response-rate = { $firm }：{ $people } 人中有 { $answers } 份答卷（{ $percent }%）。
    .do = 如果不到三分之一，最好再催一次。
survey-response-rate-small = { $firms } 个不足 5 人的小单位合计：{ $people } 人中有 { $answers } 份答卷。
    .do = 小单位不单独列出，以免认出个人。
survey-silent-firms = 有 { $firms } 个单位没有一份可用的答卷；他们的人没有算进来。
    .do = 催一次，或按相近单位估计后写上权重。
survey-more-answers-than-people = { $firm }：答卷有 { $answers } 份，却只有 { $people } 人。
    .do = 核对人数，或看看是否有重复的答卷。
survey-ridership-interval = 服务“{ $service }”每天预计 { $mean } 人次，九成把握在 { $low } 到 { $high } 之间。
    .do = 这只是抽样误差；没有回答的人可能另有想法。
normal-form-wgs84 = 写出的坐标是 WGS-84。
    .do = 用它时 project.toml 里写 coordinates = "wgs84"。

## parking

lot-more-special-bays = 无障碍或充电车位比总数（{ $said }）还多；按总数算。
    .do = 核对三个数；总数包括无障碍和充电车位。
lot-exchange-without-owner = 停车场标为互换，但没有写业主；不知道是谁自用，当作不互换。
    .do = 请填写业主（owner），并在 parking.csv 的 party 列写同样的名称。
lot-returns-sum = 业主返回的比例合计是 { $sum }，不是 1；当作没有写。
    .do = 各比例相加应为 1。
lot-returns-unreadable = 看不懂业主返回时间“{ $said }”；当作没有写。
    .do = 写成 07:00=0.3;08:00=0.7。
