//! dev only, never committed
use dukandar_core::{*, insight::today::*, demand::*, money::*, reason::Reason, inventory::reorder::Urgency, quantity::Quantity, time::*, id::*};
pub fn today() -> Today {
    let day = Day::parse("2026-11-23").unwrap_or_default();
    let n = 120; let h = 28;
    let y = |i: usize| { let f = i as f64; let w = [0.9,0.85,0.95,1.0,0.7,1.5,1.4][i%7]; (310000.0 + f*400.0 + 60000.0*(f*1.7).sin() + if i>98 && i<106 {180000.0} else {0.0}) * w };
    let mean: Vec<f64> = (n..n+h).map(|i| { let w=[0.9,0.85,0.95,1.0,0.7,1.5,1.4][i%7]; (310000.0+i as f64*400.0)*w}).collect();
    let lo = mean.iter().enumerate().map(|(i,m)| m*(0.72-i as f64*0.003)).collect::<Vec<_>>();
    let hi = mean.iter().enumerate().map(|(i,m)| m*(1.28+i as f64*0.003)).collect::<Vec<_>>();
    Today { shop: None, shop_name: "Hafeez Centre".into(), currency: Currency::PKR, day, last_sale_day: Some(day), cash: Some(Paisa::rupees(86_400)),
      receivable: Paisa::rupees(186_000), overdue: Paisa::rupees(42_500), payable: Paisa::rupees(640_000),
      sales: Compared{now:41_250_000,before:34_950_000}, profit: Some(Compared{now:3_825_000,before:3_510_000}), pieces: Compared{now:11_000,before:13_000},
      trend: DemandForecast{shop:None,product:None,measure:Measure::Revenue,history_from:Day(day.0-n as i32),history:(0..n).map(y).collect(),from:day,mean:mean.clone(),lo80:lo.clone(),hi80:hi.clone(),lo95:lo,hi95:hi,
        total:Some(Total{mean:9.6e6,lo80:9.1e6,hi80:1.02e7}), state: ForecastState::Ready{model:"average".into(),version:"1".into(),wape:Some(0.19),wape_naive:Some(0.27),coverage80:Some(0.81),coverage95:Some(0.94)}},
      actions: vec![
        Action{kind:ActionKind::Order{product:ProductId::from_u128(1),name:"Redmi Note 13 8/256".into(),quantity:Quantity::pieces(6)},amount:Paisa::rupees(27_000),urgency:Urgency::High,reasons:vec![Reason::RunsOutInDays{lo:2.0,mid:4.0,hi:Some(6.0)},Reason::SupplierTakesDays{days:6.0,learned:true}]},
        Action{kind:ActionKind::Clear{product:ProductId::from_u128(2),name:"Vivo Y17s 6/128".into(),quantity:Quantity::pieces(9)},amount:Paisa::rupees(14_500),urgency:Urgency::Medium,reasons:vec![Reason::NoSaleForDays{days:41},Reason::TiedUp{amount:Paisa::rupees(310_000)}]},
        Action{kind:ActionKind::Collect{customer:CustomerId::from_u128(3)},amount:Paisa::rupees(42_500),urgency:Urgency::Medium,reasons:vec![Reason::Owes{amount:Paisa::rupees(42_500),since:Day(day.0-50)}]},
        Action{kind:ActionKind::WinBack{customers:7},amount:Paisa::rupees(11_200),urgency:Urgency::Low,reasons:vec![Reason::LastBoughtDays{days:95,usual_gap_days:Some(30)}]},
        Action{kind:ActionKind::LookAt{day:Day(day.0-20)},amount:Paisa::rupees(180_000),urgency:Urgency::Low,reasons:vec![Reason::UnusualSales{day:Day(day.0-20),actual:Paisa::rupees(520_000),expected:Paisa::rupees(330_000)}]},
      ],
      counts: Counts{products:214,customers:1830,receipts:9120,lines:11200,days:540}, newest_record: Some(Timestamp(day.start(Zone::KARACHI).0+15*3600_000)) }
}
